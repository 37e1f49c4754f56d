/**
 * A POSIX shell script without the lines that are comments or empty, and without indentation. A first line `#!` stays. Text in quotes,
 * here-documents and continued lines stay as they are. A script that this does not understand is returned unchanged.
 */
export function withoutComments(script: string): string {
  const source = new Source();
  const kept: string[] = [];
  for (const [number, line] of script.split("\n").entries()) {
    const free = source.isCode();
    const isComment = free && /^\s*(#|$)/.test(line) && !(number === 0 && line.startsWith("#!"));
    if (!isComment) kept.push(free ? line.replace(/^[ \t]+/, "") : line);
    if (!source.read(line)) return script;
  }
  if (!source.isCode()) return script;
  return kept.join("\n") + (script.endsWith("\n") ? "\n" : "");
}

/** What a line begins in: code (also within parentheses), a quoted text, `${…}` outside or within one, or a `case`. */
type Place = "(" | "case" | "'" | '"' | "{" | '"{';

/** Reads a script line by line, as far as needed to know where its quotes and here-documents end. */
class Source {
  readonly #places: Place[] = [];
  /** The here-documents that begin after this line. */
  readonly #documents: { end: string; tabs: boolean }[] = [];
  #inDocument = false;
  #continued = false;

  /** Whether the next line begins a command, or is a comment. */
  isCode(): boolean {
    return !this.#inDocument && !this.#continued && this.#isCommand();
  }

  /** Whether a command is read at this place, and not a text. */
  #isCommand(): boolean {
    const place = this.#places.at(-1);
    return place === undefined || place === "(" || place === "case";
  }

  /** @returns false if it does not understand the line. */
  read(line: string): boolean {
    if (this.#inDocument) {
      const [document] = this.#documents;
      if (document && (document.tabs ? line.replace(/^\t+/, "") : line) === document.end) this.#documents.shift();
      this.#inDocument = this.#documents.length > 0;
      return true;
    }
    this.#continued = false;
    for (let rest = line, before = " "; rest !== ""; ) {
      const length = this.#next(rest, before);
      if (length === undefined) return false;
      before = rest.charAt(length - 1);
      rest = rest.slice(length);
    }
    this.#inDocument = this.#documents.length > 0;
    return true;
  }

  /** Reads one part of a line and returns its length. `before` is the character before it. */
  #next(rest: string, before: string): number | undefined {
    const place = this.#places.at(-1);
    if (place === "'") return this.#quoted(rest);
    if (rest.startsWith("\\")) {
      this.#continued = rest === "\\";
      return 2;
    }
    const char = rest.charAt(0);
    // Old forms and those of bash, which Berth's scripts do not use.
    if (char === "`" || (this.#isCommand() && /^(\$'|<<<|\[\[)/.test(rest))) return undefined;
    if (rest.startsWith("$(")) return this.#begin("(", 2);
    if (rest.startsWith("${"))
      return this.#begin(place === '"' || place === '"{' ? '"{' : "{", rest.startsWith("${#") ? 3 : 2);
    if (char === '"') return place === '"' ? this.#end() : this.#begin('"', 1);
    if (place === '"') return 1;
    if (char === "'" && place !== '"{') return this.#begin("'", 1);
    if (place === "{" || place === '"{') return char === "}" ? this.#end() : 1;
    return this.#command(rest, before, place);
  }

  #command(rest: string, before: string, place: Place | undefined): number | undefined {
    const char = rest.charAt(0);
    const isWord = /[\s;&|()]/.test(before);
    if (char === "#" && isWord) return rest.length;
    if (isWord && /^case\s/.test(rest)) return this.#begin("case", 4);
    if (isWord && /^esac\b/.test(rest)) return place === "case" ? this.#end() && 4 : undefined;
    if (char === "(") return this.#begin("(", 1);
    // The `)` after a pattern of `case` ends nothing.
    if (char === ")") return place === "(" ? this.#end() : place === "case" ? 1 : undefined;
    if (rest.startsWith("<<")) return this.#document(rest);
    return 1;
  }

  #document(rest: string): number | undefined {
    const found = /^<<(-?)[ \t]*(?:'([^']+)'|"([^"$\\]+)"|\\?([A-Za-z_]\w*))/.exec(rest);
    if (!found) return undefined;
    const [text, tabs, ...ends] = found;
    this.#documents.push({ end: ends.find((end) => end !== undefined) ?? "", tabs: tabs === "-" });
    return text.length;
  }

  #quoted(rest: string): number {
    const end = rest.indexOf("'");
    if (end === -1) return rest.length;
    this.#places.pop();
    return end + 1;
  }

  #begin(place: Place, length: number): number {
    this.#places.push(place);
    return length;
  }

  #end(): number {
    this.#places.pop();
    return 1;
  }
}
