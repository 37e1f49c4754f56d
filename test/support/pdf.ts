import { randomBytes } from "node:crypto";
import PDFDocument from "pdfkit";

/** A real PDF with the given number of pages and of additional bytes. */
export function pdf(pages: number, bytes = 0): Promise<Uint8Array> {
  const document = new PDFDocument({ autoFirstPage: false });
  if (bytes > 0) document.file(randomBytes(bytes), { name: "noise" });
  for (let page = 1; page <= pages; page++) document.addPage().text(`Page ${page} of ${pages}`);
  document.end();
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
  });
}
