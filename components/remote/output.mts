// Tells the output of Berth's scripts from text that the account's login shell prints, e.g. by `echo` in ~/.bashrc.
import { Transform } from "node:stream";
import { MARKER } from "./marker.ts";

/** The text of a shell may end without a newline. */
const LINE = new RegExp(`(^|\\r?\\n)${MARKER}\\r?\\n`);

/** Splits the output of a marked script. Without a marker, all of it is output. */
export function splitOutput(text: string): { shell: string; output: string } {
  const found = LINE.exec(text);
  if (!found) return { shell: "", output: text };
  return { shell: text.slice(0, found.index), output: text.slice(found.index + found[0].length) };
}

/** Passes on what follows the marker, as it arrives; all of it if the stream ends without a marker. */
export function afterMarker(): Transform {
  let waiting: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (waiting === undefined) return done(null, chunk);
      waiting = Buffer.concat([waiting, chunk]);
      // One character a byte, so that positions are those in the buffer.
      const found = LINE.exec(waiting.toString("latin1"));
      if (!found) return done();
      const rest = waiting.subarray(found.index + found[0].length);
      waiting = undefined;
      done(null, rest);
    },
    flush(done) {
      done(null, waiting);
    },
  });
}
