import { onBeforeUnmount, onMounted, ref } from "vue";
import { useRouter } from "vue-router";
import { Refusal } from "./api";
import { session } from "./session";

const PAUSE_MS = 2000;

/** Loads again every two seconds while the page is seen, and says what is wrong in `problem`. */
export function useRepeatedly(load: () => Promise<void>) {
  const router = useRouter();
  const problem = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  async function again() {
    clearTimeout(timer);
    try {
      if (!document.hidden) await load();
      problem.value = "";
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      if (error instanceof Refusal && error.status === 401) {
        session.user = null;
        await router.push("/sign-in");
      }
    }
    if (!gone) timer = setTimeout(again, PAUSE_MS);
  }

  onMounted(again);
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });
  return { problem, again };
}
