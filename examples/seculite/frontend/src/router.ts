import { createRouter, createWebHistory } from "vue-router";
import ScanPage from "./pages/ScanPage.vue";
import ScansPage from "./pages/ScansPage.vue";
import SignInPage from "./pages/SignInPage.vue";
import UnknownPage from "./pages/UnknownPage.vue";
import { loadSession, session } from "./session";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: ScansPage, meta: { title: "Scans" } },
    { path: "/scans/:id", component: ScanPage, props: true, meta: { title: "Scan" } },
    { path: "/sign-in", component: SignInPage, meta: { title: "Sign in", open: true } },
    { path: "/:path(.*)", component: UnknownPage, meta: { title: "Not found", open: true } },
  ],
});

router.beforeEach(async (to) => {
  if (!session.known) await loadSession().catch(() => undefined);
  if (to.meta.open || session.user) return true;
  return { path: "/sign-in", query: to.path === "/" ? {} : { next: to.fullPath } };
});

router.afterEach((to) => {
  document.title = `${String(to.meta.title)} – SecuLite`;
});
