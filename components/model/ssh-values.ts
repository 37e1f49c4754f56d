/** A local account of a server, or one of a directory, such as john.doe, JDoe or me@corp. */
export const ACCOUNT = /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/;

/** A path that ssh's parser of options takes in quotes: ssh replaces `${…}`, and older versions cannot escape quotes. */
export const KEY_FILE = /^(?!.*\$\{)[^"\\\p{Cc}]+$/u;

/** `ssh-ed25519 AAAA…`, with or without a comment. */
export const PUBLIC_KEY = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) AAAA[0-9A-Za-z+/]+=*( .*)?$/;
