import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { Deployment } from "../test/support/deployment";
import { localDocker } from "../test/support/local-docker";
import type { MailTracker } from "../test/support/mail-tracker";
import { containersOf, signedIn } from "../test/support/office-story";
import { pdf } from "../test/support/pdf";
import { freePort } from "../test/support/ports";
import { type Measured, memoryOf, prepareLoad, whileSlowClientsRead, wrk } from "./load";
import { interleaved, median, roundsOf, spread, tell } from "./report";

const ROUNDS = roundsOf(5);
const SECONDS = 3;
const SIZES = { "10 KB": 10_000, "1 MB": 1_000_000, "100 MB": 100_000_000 };

let deployment: Deployment;
let site: MailTracker;
let plainUrl: string;
let plain: string;
const paths: Record<string, { path: string; stored: string }> = {};

beforeAll(async () => {
  const [httpPort, plainPort] = [await freePort(), await freePort()];
  deployment = await Deployment.create("bench", {
    httpAddress: "127.0.0.1",
    httpPort,
    maxPdfSizeMb: 150,
    backendMemoryMb: 1024,
    backendCpus: "2",
    edgeCpus: "2",
    fileAuthorizationSeconds: 5,
    drainSeconds: 5,
  });
  // Django's own way to serve the same file to the same users, for comparison with nginx.
  deployment.edit(
    "backend/mails/urls.py",
    (text) =>
      `${text.replace("urlpatterns = [", "from bench_view import DjangosOwn\n\nurlpatterns = [\n    path('attachments/<int:pk>/django/', DjangosOwn.as_view()),")}`,
  );
  deployment.write("backend/bench_view.py", DJANGOS_OWN);
  deployment.edit("backend/Dockerfile", (text) => text.replace("COPY manage.py", "COPY bench_view.py manage.py"));
  await Promise.all([deployment.up(), prepareLoad()]);
  site = await signedIn(deployment);
  const [backend = ""] = await containersOf(deployment, localDocker, "backend");
  await localDocker("exec", backend, "python", "manage.py", "seed_mails", "--count", "10000", "--add");
  const mail = await site.createMail("bench");
  for (const [name, size] of Object.entries(SIZES)) {
    const path = await site.attach(mail, `${name}.pdf`, await pdf(1, size - 1200));
    const stored = await localDocker("exec", backend, "sh", "-c", "ls -t /srv/mailtracker/pdfs | head -n 1");
    paths[name] = { path, stored };
  }
  plain = await startPlainNginx(plainPort);
  plainUrl = `http://127.0.0.1:${plainPort}`;
});

afterAll(async () => {
  if (plain) await localDocker("rm", "--force", "--volumes", plain);
  await deployment?.destroyWithData();
  deployment?.remove();
});

/** The CSRF headers the API requires. */
const signed = () => ({ Authorization: `Bearer ${site.token}` });

test("PDFs: X-Accel, plain nginx and Django's own", async () => {
  tell(
    "| PDF | Connections | X-Accel, MB/s | plain nginx, MB/s | Django, MB/s | to plain nginx | to Django |",
    "|---|---|---|---|---|---|---|",
  );
  for (const name of Object.keys(paths)) {
    for (const connections of [1, 64]) tell(await downloads(name, connections));
  }
});

async function downloads(pdf: string, connections: number): Promise<string> {
  const { path = "", stored = "" } = paths[pdf] ?? {};
  const ways = {
    accel: () => wrk(site.url + path, connections, SECONDS, { headers: signed() }),
    plain: () => wrk(`${plainUrl}/${stored}`, connections, SECONDS),
    django: () => wrk(site.url + path.replace("/file/", "/django/"), connections, SECONDS, { headers: signed() }),
  };
  const rounds = await interleaved(ways, ROUNDS);
  const rates = (way: keyof typeof ways) => rounds[way].map(({ bytesPerSecond }) => bytesPerSecond);
  const ratio = (other: keyof typeof ways) =>
    spread(rates("accel").map((rate, round) => rate / (rates(other)[round] ?? Number.NaN)));
  const megabytes = (way: keyof typeof ways) => (median(rates(way)) / 1e6).toFixed(0);
  const figures = [megabytes("accel"), megabytes("plain"), megabytes("django"), ratio("plain"), ratio("django")];
  return `| ${[pdf, connections, ...figures].join(" | ")} |`;
}

test("the API with 10,000 mails", async () => {
  tell("", "| List of mails | Requests/s | p50, ms | p99, ms | SQL queries |", "|---|---|---|---|---|");
  const [backend = ""] = await containersOf(deployment, localDocker, "backend");
  for (const [name, query] of Object.entries({
    "first page": "",
    "page 400": "page=400",
    "100 a page": "page_size=100",
    search: "search=invoice",
    "status and order": "status=new&ordering=due_date",
  })) {
    const rounds = await interleaved(
      { list: () => wrk(`${site.url}/api/mails/?${query}`, 4, SECONDS, { headers: signed() }) },
      ROUNDS,
    );
    const figure = (what: keyof Measured) => median(rounds.list.map((measured) => measured[what])).toFixed(0);
    const queries = await localDocker(
      "exec",
      backend,
      "python",
      "manage.py",
      "shell",
      "-c",
      COUNT_QUERIES.replace("QUERY", query),
    );
    tell(
      `| ${name} | ${figure("requestsPerSecond")} | ${figure("p50")} | ${figure("p99")} | ${queries.trim().split("\n").at(-1)} |`,
    );
  }
});

test("the API while 64 slow clients read a large PDF", async () => {
  const api = () => wrk(`${site.url}/api/mails/`, 2, SECONDS, { headers: signed() });
  const large = site.url + (paths["100 MB"]?.path ?? "");
  const busy = () => whileSlowClientsRead(large, 64, site.token, api);
  const rounds = await interleaved({ idle: api, busy }, ROUNDS);
  const p99 = (way: "idle" | "busy") => median(rounds[way].map((measured) => measured.p99));
  const ratio = spread(rounds.busy.map((measured, round) => measured.p99 / (rounds.idle[round]?.p99 ?? Number.NaN)));
  tell("", "| API's p99, ms | idle | 64 slow clients | ratio |", "|---|---|---|---|");
  tell(`| first page of mails | ${p99("idle").toFixed(0)} | ${p99("busy").toFixed(0)} | ${ratio} |`);
});

test("memory at rest", async () => {
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  tell("", "| Container | Memory at rest, MB |", "|---|---|");
  const filter = `label=berth.stack=${deployment.stack}`;
  const running = await localDocker("ps", "--format", "{{.Names}}", "--filter", filter);
  for (const name of running.split("\n").sort()) {
    const part = name.replace(`mailtracker-${deployment.stack}-`, "").replace(/-\w{6}$/, "");
    tell(`| ${part} | ${((await memoryOf(name)) / 1e6).toFixed(0)} |`);
  }
});

/** An nginx with only the PDF folder, with the edge's limits. */
async function startPlainNginx(port: number): Promise<string> {
  const folder = join(tmpdir(), `berth-bench-${port}.conf`);
  writeFileSync(folder, PLAIN_NGINX);
  const limits = ["--cpus", "2", "--memory", "128m", "--publish", `127.0.0.1:${port}:80`];
  const volume = `mailtracker-${deployment.stack}-pdf_storage:/srv/pdfs:ro`;
  const mounts = ["--volume", volume, "--volume", `${folder}:/etc/nginx/nginx.conf:ro`];
  const started = await localDocker("run", "--detach", ...limits, ...mounts, "nginx:alpine");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  rmSync(folder);
  return started;
}

const PLAIN_NGINX = `worker_processes auto;
worker_rlimit_nofile 4096;
events { worker_connections 1024; }
http {
    access_log /dev/stdout;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 65s;
    server {
        listen 80;
        location / { alias /srv/pdfs/; default_type application/pdf; }
    }
}
`;

const DJANGOS_OWN = `from django.http import FileResponse
from django.shortcuts import get_object_or_404
from rest_framework.views import APIView

from mails import pdf_storage
from mails.models import Attachment


class DjangosOwn(APIView):
    def get(self, request, pk):
        attachment = get_object_or_404(Attachment, pk=pk)
        return FileResponse(pdf_storage.path_of(attachment.stored_name).open("rb"), content_type="application/pdf")
`;

const COUNT_QUERIES = `
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
client = APIClient()
client.force_authenticate(get_user_model().objects.first())
client.get("/api/mails/", HTTP_HOST="localhost")
with CaptureQueriesContext(connection) as queries:
    assert client.get("/api/mails/?QUERY", HTTP_HOST="localhost").status_code == 200
print(len(queries))
`;
