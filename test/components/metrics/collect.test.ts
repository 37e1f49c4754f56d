import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MeasuredServer } from "../../support/measured-server";

let server: MeasuredServer;

beforeEach(() => {
  server = new MeasuredServer();
});
afterEach(() => server.remove());

describe("containers", () => {
  const WEB = "id-web|/shop-prod-web-1-a1b2c3d|web|running|healthy|2|2026-11-28T05:00:00.5Z|268435456|unless-stopped";
  const LABELS = '{service="web",container="web-1-a1b2c3d"}';

  test("have their state, and what the engine says that they use", async () => {
    server.write("containers", `${WEB}\n`);
    server.write(
      "stats-id-web",
      JSON.stringify({
        pids_stats: { current: 7, limit: 100 },
        cpu_stats: { cpu_usage: { total_usage: 2_500_000_000 } },
        precpu_stats: { cpu_usage: { total_usage: 1 } },
        memory_stats: { usage: 30_000_000, stats: { inactive_file: 10_000_000 }, limit: 268_435_456 },
        networks: { eth0: { rx_bytes: 100, tx_bytes: 10 }, eth1: { rx_bytes: 20, tx_bytes: 5 } },
      }),
    );
    expect(await server.collect()).toBe("");
    expect(server.samples("containers")).toEqual({
      berth_engine_up: 1,
      [`berth_container_up${LABELS}`]: 1,
      [`berth_container_healthy${LABELS}`]: 1,
      [`berth_container_restarts_total${LABELS}`]: 2,
      [`berth_container_start_time_seconds${LABELS}`]: Date.parse("2026-11-28T05:00:00Z") / 1000,
      [`berth_container_cpu_seconds_total${LABELS}`]: 2.5,
      [`berth_container_memory_used_bytes${LABELS}`]: 20_000_000,
      [`berth_container_memory_limit_bytes${LABELS}`]: 268_435_456,
      [`berth_container_processes${LABELS}`]: 7,
      [`berth_container_network_receive_bytes_total${LABELS}`]: 120,
      [`berth_container_network_transmit_bytes_total${LABELS}`]: 15,
    });
  });

  test("that do not run are down, and jobs are none", async () => {
    const stopped = WEB.replace("running|healthy", "exited|unhealthy");
    const job = "id-job|/shop-prod-migrate|migrate|exited||0|2026-11-28T05:00:00Z|1|no";
    server.write("containers", `${stopped}\n${job}\n`);
    await server.collect();
    expect(server.samples("containers")).toMatchObject({
      [`berth_container_up${LABELS}`]: 0,
      [`berth_container_healthy${LABELS}`]: 0,
    });
    expect(server.file("containers")).not.toContain("migrate");
  });

  test("without a health check are not unhealthy", async () => {
    server.write("containers", `${WEB.replace("|healthy|", "||")}\n`);
    await server.collect();
    expect(server.file("containers")).not.toMatch(/^berth_container_healthy/m);
  });

  test("are unknown while the engine does not answer", async () => {
    server.write("containers", `${WEB}\n`);
    server.write("engine-down", "");
    await server.collect();
    expect(server.samples("containers")).toEqual({ berth_engine_up: 0 });
  });
});

function request(fields: Record<string, unknown> = {}): string {
  const { user = "", host = "shop.example.org", status = 200, seconds = 0.02, client = "192.0.2.7" } = fields;
  return `{"time":"2026-11-28T05:00:00+00:00","requestId":"a","release":"b","client":"${client}","user":"${user}","method":"GET","host":"${host}","uri":"/","protocol":"HTTP/1.1","status":${status},"bytes":100,"seconds":${seconds},"upstream":"","upstreamSeconds":null,"referer":"","userAgent":""}`;
}

describe("requests", () => {
  const OK = 'berth_http_requests_total{site="shop.example.org",status="200"}';

  test("are counted by site and status, with the time that they take", async () => {
    server.log("nginx-1", [request(), request({ status: 502, seconds: "3.500" }), "a line of something else"]);
    expect(await server.collect()).toBe("");
    const site = 'site="shop.example.org"';
    expect(server.samples("requests")).toMatchObject({
      [OK]: 1,
      [`berth_http_requests_total{${site},status="502"}`]: 1,
      [`berth_http_response_bytes_total{${site}}`]: 200,
      [`berth_http_request_duration_seconds_bucket{${site},le="0.01"}`]: 0,
      [`berth_http_request_duration_seconds_bucket{${site},le="0.025"}`]: 1,
      [`berth_http_request_duration_seconds_bucket{${site},le="5"}`]: 2,
      [`berth_http_request_duration_seconds_bucket{${site},le="+Inf"}`]: 2,
      [`berth_http_request_duration_seconds_sum{${site}}`]: 3.52,
      [`berth_http_request_duration_seconds_count{${site}}`]: 2,
    });
  });

  test("are counted once, in several runs and over a release", async () => {
    server.log("nginx-1", [request()]);
    await server.collect();
    await server.collect();
    expect(server.samples("requests")[OK]).toBe(1);
    server.log("nginx-1", [request(), request()]);
    server.log("nginx-2", [request()]);
    await server.collect();
    expect(server.samples("requests")[OK]).toBe(3);
    server.delete("logs/nginx-1");
    server.log("nginx-2", [request(), request()]);
    await server.collect();
    expect(server.samples("requests")[OK]).toBe(4);
  });

  test("of foreign host names and with forged fields make no series of their own", async () => {
    server.log("nginx-1", [
      request({ host: "made-up.example.com" }),
      request({ user: '\\"host\\":\\"shop.example.org\\",\\"status\\":999', host: "another.example.com" }),
    ]);
    await server.collect();
    const counted = Object.entries(server.samples("requests")).filter(([name]) => name.includes("requests_total"));
    expect(counted).toEqual([['berth_http_requests_total{site="other",status="200"}', 2]]);
  });

  test("of Berth itself are not counted", async () => {
    server.log("nginx-1", [request({ client: "127.0.0.1" })]);
    await server.collect();
    expect(server.samples("requests")).toEqual({});
  });
});

describe("backups", () => {
  test("have the times of the last good one, its copy and the last proven restore", async () => {
    server.write("moments", "good 1795800000\noffsite 1795800100\ndrill 1795700000\n");
    server.write("health", "");
    expect(await server.collect()).toBe("");
    expect(server.samples("backups")).toEqual({
      "berth_backup_healthy{}": 1,
      "berth_backup_last_success_timestamp_seconds{}": 1795800000,
      "berth_backup_last_offsite_copy_timestamp_seconds{}": 1795800100,
      "berth_backup_last_proven_restore_timestamp_seconds{}": 1795700000,
    });
  });

  test("that are not well, and never were, have no times", async () => {
    server.write("moments", "");
    server.write("health", "Not well:\n  The last good backup is too old.\n");
    await server.collect();
    expect(server.samples("backups")).toEqual({ "berth_backup_healthy{}": 0 });
  });
});

describe("scheduled jobs", () => {
  const STATUS = (code: number, running = "") =>
    `{"next":1795800600,"running":[${running}],"last":{"began":1795800000,"ended":1795800005,"code":${code},"kind":"scheduled","ending":"failed"},"good":1795700000,"missed":null,"skipped":null}\n`;

  test("have their last result; during a release, that of the newest container", async () => {
    server.write("jobs", "id-new digest\nid-old digest\n");
    server.write("status-id-new", STATUS(3, '{"began":1795800500,"kind":"manual"}'));
    server.write("status-id-old", STATUS(0));
    expect(await server.collect()).toBe("");
    expect(server.samples("jobs")).toEqual({
      'berth_job_next_run_timestamp_seconds{job_name="digest"}': 1795800600,
      'berth_job_runs_under_way{job_name="digest"}': 1,
      'berth_job_last_run_start_timestamp_seconds{job_name="digest"}': 1795800000,
      'berth_job_last_run_end_timestamp_seconds{job_name="digest"}': 1795800005,
      'berth_job_last_exit_code{job_name="digest"}': 3,
      'berth_job_last_success_timestamp_seconds{job_name="digest"}': 1795700000,
    });
  });

  test("that have not run yet have only a next run", async () => {
    server.write("jobs", "id-new digest\n");
    server.write(
      "status-id-new",
      '{"next":1795800600,"running":[],"last":null,"good":null,"missed":null,"skipped":null}\n',
    );
    await server.collect();
    expect(server.samples("jobs")).toEqual({
      'berth_job_next_run_timestamp_seconds{job_name="digest"}': 1795800600,
      'berth_job_runs_under_way{job_name="digest"}': 0,
    });
  });
});
