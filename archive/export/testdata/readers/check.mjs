// check.mjs FOLDER reads the exports in a folder with programs of others and
// compares every cell with the JSON Lines. It prints a line a reader and exits
// with 1 when one of them sees something else.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

import { DuckDBInstance } from "@duckdb/node-api";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import datapackage from "datapackage";
import jsonld from "jsonld";
import WARCStream from "warc";
import { WARCParser } from "warcio";
import XLSX from "xlsx";

const folder = process.argv[2];
const file = (name) => join(folder, name);
const want = readFileSync(file("records.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const columns = Object.keys(want[0]);
let failed = 0;

// instant makes a time comparable, however a reader shows it.
const instant = (v) => new Date(typeof v === "bigint" ? Number(v) / 1000 : v).toISOString().slice(0, 19);

function plain(column, value) {
  if (value === null || value === undefined) return "";
  if (column === "first_seen" || column === "last_seen") return instant(value);
  return String(value).replaceAll("\r\n", "\n");
}

function compare(reader, rows) {
  const wrong = [];
  if (rows.length !== want.length) wrong.push(`${rows.length} rows, want ${want.length}`);
  rows.forEach((row, i) => {
    for (const c of columns) {
      if (want[i] && plain(c, row[c]) !== plain(c, want[i][c])) wrong.push(`row ${i + 1}, ${c}: ${JSON.stringify(plain(c, row[c]))}, want ${JSON.stringify(plain(c, want[i][c]))}`);
    }
  });
  report(reader, `${rows.length} rows of ${columns.length} columns`, wrong);
}

function report(reader, what, wrong) {
  console.log(`${reader}: ${wrong.length === 0 ? what : wrong.length + " differences"}`);
  for (const w of wrong.slice(0, 5)) console.log("  " + w.slice(0, 300));
  failed += wrong.length;
}

async function duckdb(name, from) {
  const db = await DuckDBInstance.create(":memory:");
  const connection = await db.connect();
  const rows = await connection.runAndReadAll(`SELECT * REPLACE (epoch_us(first_seen::TIMESTAMPTZ) AS first_seen, epoch_us(last_seen::TIMESTAMPTZ) AS last_seen) FROM ${from}`);
  compare(name, rows.getRowObjects());
}

// warc reads every record of a file with two readers and compares the digest of
// each payload with what the record says.
async function warc(name) {
  const bytes = () => createReadStream(file(name));
  const wrong = [];
  const kinds = {};
  for await (const record of new WARCParser(bytes())) {
    kinds[record.warcType] = (kinds[record.warcType] ?? 0) + 1;
    const payload = await record.readFully(false);
    const said = record.warcHeader("WARC-Payload-Digest");
    if (record.warcType === "response" && said !== "sha1:" + base32(createHash("sha1").update(payload).digest())) {
      wrong.push(`${record.warcHeader("WARC-Record-ID")}: payload is not ${said}`);
    }
  }
  if (!kinds.response) wrong.push("no response");
  report(`warcio ${name}`, counted(kinds), wrong);
  const others = {};
  await new Promise((done, fail) => {
    (name.endsWith(".gz") ? bytes().pipe(createGunzip()) : bytes()).pipe(new WARCStream())
      .on("data", (d) => { others[d.headers["WARC-Type"]] = (others[d.headers["WARC-Type"]] ?? 0) + 1; })
      .on("end", done).on("error", fail);
  });
  report(`warc ${name}`, counted(others), counted(others) === counted(kinds) ? [] : [`not the records that warcio sees: ${counted(kinds)}`]);
}

const counted = (kinds) => Object.entries(kinds).sort().map(([k, n]) => `${n} ${k}`).join(", ");

function base32(bytes) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const b of bytes) bits += b.toString(2).padStart(8, "0");
  let out = "";
  for (let i = 0; i < bits.length; i += 5) out += letters[parseInt(bits.slice(i, i + 5).padEnd(5, "0"), 2)];
  return out;
}

// bundle validates the description of the bundle and reads its tables by it.
async function bundle() {
  const pack = await datapackage.Package.load(file("bundle/datapackage.json"), { basePath: file("bundle") });
  const wrong = pack.errors.map(String);
  const read = [];
  for (const r of pack.resources.filter((r) => r.tabular)) read.push(`${(await r.read({ keyed: true })).length} rows of ${r.name}`);
  report("datapackage", read.join(", "), wrong);
}

// croissant expands the description with a JSON-LD processor: it has what the
// format requires, its files are those of the bundle, and its fields columns of
// theirs.
async function croissant() {
  const wrong = [];
  const [set] = await jsonld.expand(JSON.parse(readFileSync(file("bundle/croissant.json"), "utf8")));
  const sc = "https://schema.org/", cr = "http://mlcommons.org/croissant/";
  for (const key of [sc + "name", sc + "description", sc + "license", sc + "creator", sc + "datePublished", sc + "distribution", cr + "recordSet", "http://purl.org/dc/terms/conformsTo"]) {
    if (!set[key]?.length) wrong.push(`no ${key}`);
  }
  const columnsOf = {};
  for (const f of set[sc + "distribution"] ?? []) {
    const bytes = readFileSync(file("bundle/" + f[sc + "contentUrl"][0]["@value"]));
    if (createHash("sha256").update(bytes).digest("hex") !== f[sc + "sha256"][0]["@value"]) wrong.push(`sha256 of ${f["@id"]}`);
    columnsOf[f["@id"]] = bytes.toString("utf8").split(/\r?\n/, 1)[0].split(",");
  }
  let fields = 0;
  for (const r of set[cr + "recordSet"] ?? []) {
    const ids = r[cr + "field"].map((f) => f["@id"]);
    if (!ids.includes(r[cr + "key"]?.[0]["@id"])) wrong.push("the key is no field");
    for (const f of r[cr + "field"]) {
      fields++;
      const source = f[cr + "source"][0];
      const column = source[cr + "extract"][0][cr + "column"][0]["@value"];
      if (!f[cr + "dataType"]?.[0]["@id"]?.startsWith(sc)) wrong.push(`type of ${f["@id"]}`);
      if (!columnsOf[source[cr + "fileObject"][0]["@id"]]?.includes(column)) wrong.push(`${f["@id"]} is no column`);
    }
  }
  report("jsonld, Croissant", `${fields} fields`, wrong);
}

// office compares what LibreOffice makes of the spreadsheets, where it is
// installed.
async function office() {
  const made = ["records-records.csv", "excel-excel.csv"].filter((name) => existsSync(file("office/" + name)));
  if (made.length === 0) console.log("LibreOffice: not installed, not asked");
  for (const name of made) await duckdb(`LibreOffice, ${name}`, `read_csv('${file("office/" + name)}', all_varchar = true)`);
}

async function lines(name) {
  let n = 0;
  for await (const line of createInterface({ input: createReadStream(name) })) if (JSON.parse(line)) n++;
  return n;
}

await duckdb("DuckDB, Parquet", `'${file("records.parquet")}'`);
await duckdb("DuckDB, CSV", `read_csv('${file("records.csv")}', all_varchar = true)`);
await duckdb("DuckDB, JSON Lines", `read_json('${file("records.jsonl")}', maximum_object_size = 100000000, columns = {${columns.map((c) => `${c}: 'VARCHAR'`).join(", ")}})`);
compare("hyparquet", await parquetReadObjects({ file: await asyncBufferFromFile(file("records.parquet")), compressors }));
const book = XLSX.readFile(file("records.xlsx"), { cellDates: true });
compare("SheetJS", XLSX.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { defval: null }));
await warc("pages.warc.gz");
await warc("pages.warc");
await bundle();
await croissant();
await office();
console.log(`JSON.parse: ${await lines(file("records.jsonl"))} lines`);
process.exit(failed === 0 ? 0 : 1);
