// node pack.mjs DIST OUTPUT.cc: the files of DIST as data of the server (src/server/console_files.h),
// compressed ahead as hard as can be.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [dist, output] = process.argv.slice(2);
const packed = `${output}.packed`;
fs.rmSync(packed, { recursive: true, force: true });
fs.mkdirSync(packed);

const kTypes = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8',
};

// Adds one blob of read-only data; returns the expression of its view.
const assembly = [], declarations = [];
function view(bytes) {
  const name = `waypost_console_${declarations.length}`;
  fs.writeFileSync(path.join(packed, name), bytes);
  assembly.push(`"${name}: .incbin \\"${path.join(packed, name)}\\"\\n${name}_end:\\n"`);
  declarations.push(`extern "C" const char ${name}[], ${name}_end[];`);
  return `View(${name}, ${name}_end)`;
}

const names = fs.readdirSync(dist, { recursive: true }).filter((name) => fs.statSync(path.join(dist, name)).isFile());
const rows = names.sort().map((name) => {
  const type = kTypes[path.extname(name)];
  if (!type) throw new Error(`${name}: no content type is known for it`);
  const plain = fs.readFileSync(path.join(dist, name));
  const smaller = (bytes) => (bytes.length < plain.length ? view(bytes) : '{}');
  return `{"${name}", "${type}", ${view(plain)}, ${smaller(zlib.gzipSync(plain, { level: 9 }))},
     ${smaller(zlib.brotliCompressSync(plain))}}`;
});

fs.writeFileSync(output, `// Made by web/pack.mjs.
#include "server/console_files.h"

asm(".section .rodata\\n"
    ${assembly.join('\n    ')}
    ".previous\\n");
${declarations.join('\n')}

namespace waypost::server {
namespace {

std::string_view View(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::span<const api::ConsoleFile> ConsoleFiles() {
  static const api::ConsoleFile kFiles[] = {
    ${rows.join(',\n    ')},
  };
  return kFiles;
}

}  // namespace waypost::server
`);
