// Writes the compressed twins of the built site's files: `x.br` and `x.gz` beside `x`. The server sends them as they are,
// so that nothing is compressed while somebody waits.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const TEXT = new Set([".html", ".js", ".mjs", ".css", ".json", ".md", ".txt", ".svg", ".xml", ".atom", ".yaml"]);
/** Smaller files fit one packet either way. */
const SMALLEST_BYTES = 1024;

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
const paths = entries
  .filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** Assets are fetched by everybody and kept for good: they get the slow, smallest coding. */
async function compress(path) {
  const bytes = await readFile(path);
  if (bytes.length < SMALLEST_BYTES) return 0;
  const quality = path.startsWith(join(dist, "assets")) ? 11 : 9;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  };
  const twins = [
    [".br", await promisify(brotliCompress)(bytes, { params })],
    [".gz", await promisify(gzip)(bytes, { level: 9 })],
  ];
  for (const [extension, twin] of twins) {
    if (twin.length < bytes.length) await writeFile(path + extension, twin);
  }
  return 1;
}

let done = 0;
const queue = [...paths];
const worker = async () => {
  for (let path = queue.pop(); path; path = queue.pop()) done += await compress(path);
};
await Promise.all(Array.from({ length: 4 }, worker));
console.log(`compressed ${done} files`);
