import { execa } from "execa";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Receiver, WatchedServer } from "../../support/alerts";
import { selfSignedCertificate } from "../../support/self-signed-certificate";

let receiver: Receiver;
let server: WatchedServer;

beforeEach(async () => {
  receiver = await Receiver.start();
  server = new WatchedServer();
});
afterEach(() => {
  receiver.stop();
  server.remove();
});

/** Makes the disk full, which is reported at once. */
async function alert(env: Record<string, string> = {}): Promise<void> {
  server.write("df", "1000 10");
  expect(await server.watch(60, env)).toBe("");
}

const last = () => receiver.requests.at(-1);
const json = () => JSON.parse(last()?.body ?? "");

describe("an alert reaches", () => {
  test("a program, as JSON with the token in a header", async () => {
    server.targets(`webhook ${receiver.url}/hook t0ken`);
    await alert();
    expect(last()).toMatchObject({ method: "POST", path: "/hook" });
    expect(last()?.headers).toMatchObject({ authorization: "Bearer t0ken", "content-type": "application/json" });
    expect(json()).toMatchObject({
      at: "2027-01-15T08:01:00Z",
      events: [{ type: "begin", condition: "disk:system", since: "2027-01-15T08:01:00Z" }],
    });
  });

  test.each(["slack", "mattermost"])("%s", async (kind) => {
    server.targets(`${kind} ${receiver.url}/services/T/B/x`);
    await alert();
    expect(last()?.path).toBe("/services/T/B/x");
    expect(json().text).toMatch(/^\*shop\/prod\*\nProblem: Only 1 % .*\nWhat to do: Free some .*\n\nServer web1, /);
  });

  test("Slack, without what Slack would take for markup", async () => {
    server.write("lib/deploy.json", '{"by":"a <b> & c","host":"desk","since":"2027","url":"","pids":[1]}');
    server.targets(`slack ${receiver.url}`);
    await server.watch();
    await server.watch(180);
    expect(json().text).toContain("by a &lt;b&gt; &amp; c on desk");
  });

  test("Discord, which mentions nobody", async () => {
    server.targets(`discord ${receiver.url}/api/webhooks/1/x`);
    await alert();
    expect(json()).toMatchObject({ content: expect.stringContaining("**shop/prod**\nProblem: Only 1 %") });
    expect(json().allowed_mentions).toEqual({ parse: [] });
  });

  test("ntfy, with a priority that wakes people only when it begins", async () => {
    server.targets(`ntfy ${receiver.url}/topic tk_1`);
    await alert();
    expect(last()).toMatchObject({ path: "/topic", body: expect.stringContaining("Problem: Only 1 %") });
    expect(last()?.headers).toMatchObject({ title: "shop/prod", priority: "high", authorization: "Bearer tk_1" });
    server.write("df", "1000 500");
    await server.watch();
    expect(last()?.headers["priority"]).toBe("default");
  });

  test("Telegram", async () => {
    server.targets(`telegram 123:abc -1007 ${receiver.url}`);
    await alert();
    expect(last()?.path).toBe("/bot123:abc/sendMessage");
    expect(json()).toMatchObject({ chat_id: "-1007", text: expect.stringMatching(/^shop\/prod\nProblem: Only 1 %/) });
  });

  test("each target, as one message with all that begins", async () => {
    server.targets(`webhook ${receiver.url}/a`, `webhook ${receiver.url}/b`);
    server.write("inodes", "1000 10");
    await alert();
    expect(receiver.requests.map(({ path }) => path)).toEqual(["/a", "/b"]);
    expect(json().title).toMatch(/^shop\/prod: Problem: Only 1 % .* \(and 1 more\)$/);
    expect(json().events).toHaveLength(2);
  });
});

describe("an e-mail", () => {
  interface Mail {
    user: string | undefined;
    secure: boolean;
    from: string;
    to: string[];
    text: string;
  }
  const mails: Mail[] = [];
  let mailServer: SMTPServer;
  let port: number;
  let env: Record<string, string>;

  async function start(encrypted: boolean): Promise<void> {
    mails.length = 0;
    const { certificate, key } = await selfSignedCertificate("localhost");
    server.write("authority.pem", certificate);
    env = { CURL_CA_BUNDLE: `${server.folder}/authority.pem` };
    mailServer = new SMTPServer({
      authOptional: true,
      ...(encrypted ? { key, cert: certificate } : { disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
      onAuth: ({ username, password }, _, done) =>
        password === "p@ss" ? done(null, { user: username }) : done(new Error("Invalid password")),
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk) => chunks.push(chunk));
        stream.on("end", () => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            user: session.user,
            secure: session.secure,
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString(),
          });
          done();
        });
      },
    });
    port = await new Promise((resolve) => {
      const listening = mailServer.listen(0, "127.0.0.1", () => {
        const address = listening.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }
  afterEach(() => mailServer.close());

  test("is sent to all recipients, signed in through TLS", async () => {
    await start(true);
    server.targets(`mail smtp://ada:p%40ss@localhost:${port} berth@example.org ops@example.org,boss@example.org`);
    await alert(env);
    const [mail] = mails;
    expect(mail).toMatchObject({
      user: "ada",
      secure: true,
      from: "berth@example.org",
      to: ["ops@example.org", "boss@example.org"],
    });
    const [head = "", body = ""] = mail?.text.split("\r\n\r\n") ?? [];
    expect(head).toMatch(/^Subject: shop\/prod: Problem: Only 1 % of the space/m);
    expect(head).toMatch(/^Date: Fri, 15 Jan 2027 08:01:00 \+0000$/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(Buffer.from(body, "base64").toString()).toMatch(/^Problem: Only 1 % .*\nWhat to do: /);
  });

  test("with a password is not sent without TLS", async () => {
    await start(false);
    server.targets(`mail smtp://ada:p%40ss@localhost:${port} berth@example.org ops@example.org`);
    await alert(env);
    expect(mails).toEqual([]);
    expect(server.queued()).toHaveLength(1);
    expect(await server.test(env)).toMatch(/^failed\tmail \(ops@example\.org\)\t.*TLS/m);
  });

  test("without a password may go to a relay without TLS", async () => {
    await start(false);
    server.targets(`mail smtp://localhost:${port} berth@example.org ops@example.org`);
    await alert(env);
    expect(mails).toMatchObject([{ secure: false, to: ["ops@example.org"] }]);
  });
});

describe("a target that does not answer", () => {
  test("gets its messages later, in order and once, and keeps nobody waiting", async () => {
    const other = await Receiver.start();
    server.targets(`webhook ${receiver.url}`, `webhook ${other.url}`);
    receiver.status = 503;
    await alert();
    expect(other.titles()).toEqual([expect.stringContaining("Problem: Only 1 %")]);
    server.write("df", "1000 500");
    await server.watch();
    expect(other.titles()).toEqual([expect.stringContaining("Over: Only 1 %")]);
    receiver.requests.splice(0);
    receiver.status = 200;
    await server.watch();
    expect(receiver.titles()).toEqual([
      expect.stringContaining("Problem: Only 1 %"),
      expect.stringContaining("Over: Only 1 %"),
    ]);
    await server.watch();
    expect([...receiver.titles(), ...other.titles()]).toEqual([]);
    other.stop();
  });

  test("is reported to the others after an hour, and its messages are dropped after a day", async () => {
    const other = await Receiver.start();
    server.targets(`webhook ${receiver.url}/secret?key=1`, `webhook ${other.url}`);
    receiver.status = 404;
    await alert();
    other.requests.splice(0);
    await server.watch(3600);
    await server.watch();
    const [title] = other.titles();
    expect(title).toContain("Problem: Messages do not reach webhook (127.0.0.1:");
    expect(title).toContain("it answers 404.");
    expect(title).not.toContain("secret");
    await server.watch(86_400);
    expect(server.queued().filter((name) => name.startsWith("1800000060."))).toEqual([]);
    other.stop();
  });
});

describe("the sign of life", () => {
  test("is sent after each run, whatever is wrong, and gets no messages", async () => {
    server.targets(`ping ${receiver.url}/uuid`);
    await alert();
    server.write("engine-down", "");
    await server.watch();
    expect(receiver.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /uuid", "GET /uuid"]);
  });
});

test("a test message shows how each target answers", async () => {
  server.targets(`ntfy ${receiver.url}/topic`, "slack http://127.0.0.1:1/services/secret", `ping ${receiver.url}/uuid`);
  const [sent, failed, ping] = (await server.test()).split("\n");
  expect(sent).toMatch(/^sent\tntfy \(127\.0\.0\.1:\d+\)\t$/);
  expect(failed).toMatch(/^failed\tslack \(127\.0\.0\.1:1\)\t.*(refused|connect)/);
  expect(ping).toMatch(/^sent\tping /);
  expect(receiver.requests[0]?.body).toContain("This is a test message of the alerts.");
});

test("no credential is in the arguments or the environment of a program", async () => {
  // Writes down what anybody on the server can see of the process.
  server.write("bin/curl", `#!/bin/sh\n{ echo "$*"; env; } >>${server.folder}/visible\nexec /usr/bin/curl "$@"\n`);
  await execa("chmod", ["755", `${server.folder}/bin/curl`]);
  server.targets(`ntfy ${receiver.url}/top-secret tk_secret`, `telegram 1:secret 7 ${receiver.url}`);
  await alert();
  expect(receiver.requests).toHaveLength(2);
  expect(server.read("visible")).toContain("--config -");
  expect(server.read("visible")).not.toContain("secret");
});
