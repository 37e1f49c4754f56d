import { z } from "zod";
import { limitSettings } from "../groups/limits.ts";
import { certificates, flag, number, optional, optionalSecret, timeZone } from "../kinds.ts";
import { setting } from "../setting.ts";

/** Backups: schedule, retention, encryption and the off-site copy. */
export const backupSettings = {
  backupTime: setting(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 02:00"), {
    default: "02:00",
    description: "Time of the daily backup, HH:MM. A missed backup is taken as soon as possible.",
  }),
  backupTimeZone: setting(timeZone, {
    default: "UTC",
    description: "Time zone of backupTime, e.g. Europe/Berlin.",
  }),
  backupKeepDaily: setting(number(1, 366), {
    default: 7,
    description:
      "Retention of daily backups, one a day. Manual backups and those before a release or restore are kept as long.",
    unit: "days",
  }),
  backupKeepMonthly: setting(number(0, 120), {
    default: 12,
    description: "Retention of monthly backups, the last one of each month.",
    unit: "months",
  }),
  backupPointInTimeDays: setting(number(0, 366), {
    default: 0,
    description:
      "Point-in-time recovery: databases can be restored to any second of this time, with a base backup a day and the write-ahead log as it is written. 0: off.",
    unit: "days",
  }),
  backupPointInTimeWalMb: setting(number(128, 1_048_576), {
    default: 2048,
    description:
      "Write-ahead log that a database keeps at most while it cannot be archived. With more, the archive is interrupted; the database continues.",
    unit: "MiB",
  }),
  backupPointInTimeProbe: setting(flag, {
    default: false,
    description:
      "Whether a row is written each minute into the table berth.probe of each database, with which the restore drill compares a restored time.",
  }),
  backupPassphrase: setting(optionalSecret(20), {
    default: "",
    description:
      "Passphrase that backups are encrypted with, at least 20 characters. Keep a copy outside of the server. Empty: a generated one. Required with backupS3Bucket.",
    secret: true,
  }),
  backupS3Endpoint: setting(
    optional.pipe(
      z
        .string()
        .regex(/^https?:\/\/[^/]+$/, "must be an address such as https://s3.eu-central-003.backblazeb2.com")
        .optional(),
    ),
    {
      default: "",
      description:
        "S3 endpoint that backups are copied to, e.g. https://s3.eu-central-003.backblazeb2.com. Empty: no copy, so backups are lost with the server.",
      rollback: false,
    },
  ),
  backupS3Bucket: setting(
    optional.pipe(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket")
        .optional(),
    ),
    { default: "", description: "Bucket for the copies. Each stack has its own folder in it.", rollback: false },
  ),
  backupS3AccessKeyId: setting(optional, {
    default: "",
    description: "Id of an access key that may read, write and delete in the bucket (Backblaze: keyID).",
    rollback: false,
  }),
  backupS3SecretAccessKey: setting(optional, {
    default: "",
    description: "Secret of the access key (Backblaze: applicationKey).",
    secret: true,
  }),
  backupS3Region: setting(
    optional.pipe(
      z
        .string()
        .regex(/^[A-Za-z0-9-]{1,63}$/, "must be the name of a region such as eu-central-1")
        .optional(),
    ),
    {
      default: "",
      description: "Region of the bucket, e.g. eu-central-1, if the storage requires it. Empty: the storage is asked.",
      rollback: false,
    },
  ),
  backupS3Authority: setting(certificates, {
    default: "",
    description: "Certificate authorities (PEM) of the S3 endpoint, if they are private ones. Empty: the public ones.",
    rollback: false,
  }),
  backupPingUrl: setting(optional.pipe(z.url({ protocol: /^https?$/, error: "must be an address" }).optional()), {
    default: "",
    description:
      "URL of a monitoring check, e.g. https://hc-ping.com/<uuid>. It is requested after each successful backup, and with /fail appended when a backup, its copy or a restore drill failed. Empty: none.",
  }),
  ...limitSettings("backup", "a backup, its copy or a restore drill", { memory: 512 }, { minMemory: 128 }),
};
