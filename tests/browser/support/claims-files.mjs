// Pictures that say things of themselves: samples of the page with metadata put in.

import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { portraits } from "./pictures.mjs";

/** @param {string} ending */
const sampleOf = (ending) => readFileSync(/** @type {string} */ (portraits.find((path) => path.endsWith(ending))));

/** @param {number} value */
const u32 = (value) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
/** @param {number} value */
const u16 = (value) => Buffer.from([value >>> 8, value]);

/** A sample as PNG with these chunks. @param {[string, Buffer][]} chunks */
export function pngWith(chunks) {
  const png = sampleOf(".png");
  const header = 8 + 25; // signature and IHDR
  const made = chunks.map(([kind, data]) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
  });
  return Buffer.concat([png.subarray(0, header), ...made, png.subarray(header)]);
}

/** A sample as JPEG with these segments. @param {[number, Buffer][]} segments */
export function jpegWith(segments) {
  const jpeg = sampleOf(".jpg");
  const made = segments.map(([marker, data]) => Buffer.concat([Buffer.from([0xff, marker]), u16(data.length + 2), data]));
  return Buffer.concat([jpeg.subarray(0, 2), ...made, jpeg.subarray(2)]);
}

/** @param {string} keyword @param {string} value @returns {[string, Buffer]} */
export const text = (keyword, value) => ["iTXt", Buffer.from(`${keyword}\0\0\0\0\0${value}`)];

/** @param {string} keyword @param {string} value @returns {[string, Buffer]} */
export const packedText = (keyword, value) => ["zTXt", Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(value)])];

/** An XMP segment that states a digital source type. @param {string} code @returns {[number, Buffer]} */
export function sourceType(code) {
  const address = `http://cv.iptc.org/newscodes/digitalsourcetype/${code}`;
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="${address}"/></rdf:RDF></x:xmpmeta>`;
  return [0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`)];
}

/** EXIF of a camera that knows where it is. @param {string} model @returns {[number, Buffer]} */
export function camera(model) {
  const name = Buffer.from(`${model}\0`);
  const entry = (/** @type {number} */ tag, /** @type {number} */ kind, /** @type {number} */ count, /** @type {Buffer} */ value) =>
    Buffer.concat([u16(tag), u16(kind), u32(count), value]);
  const mainEnd = 8 + 2 + 2 * 12 + 4;
  const gpsAt = mainEnd + name.length;
  const degreesAt = gpsAt + 2 + 2 * 12 + 4;
  const main = [entry(0x0110, 2, name.length, u32(mainEnd)), entry(0x8825, 4, 1, u32(gpsAt))];
  const gps = [entry(1, 2, 2, Buffer.from("N\0\0\0")), entry(2, 5, 3, u32(degreesAt))];
  const degrees = [48, 51, 30].flatMap((value) => [u32(value), u32(1)]);
  return [
    0xe1,
    Buffer.concat([Buffer.from("Exif\0\0MM\0*"), u32(8), u16(2), ...main, u32(0), name, u16(2), ...gps, u32(0), ...degrees]),
  ];
}

/** A manifest store in a PNG chunk. @param {string} generator @param {string} agent @returns {[string, Buffer]} */
export function credentials(generator, agent) {
  const source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
  const actions = { actions: [{ action: "c2pa.created", softwareAgent: { name: agent }, digitalSourceType: source }] };
  const manifest = superbox("urn:c2pa:1", [
    superbox("c2pa.claim.v2", [block("cbor", cbor({ claim_generator_info: { name: generator }, "dc:title": "made.png" }))]),
    superbox("c2pa.assertions", [superbox("c2pa.actions.v2", [block("cbor", cbor(actions))])]),
    superbox("c2pa.signature", [block("cbor", signature("Test Signer"))]),
  ]);
  return ["caBX", superbox("c2pa", [manifest])];
}

/** @param {string} kind @param {Buffer} content */
const block = (kind, content) => Buffer.concat([u32(content.length + 8), Buffer.from(kind), content]);

/** @param {string} label @param {Buffer[]} children */
function superbox(label, children) {
  const description = block("jumd", Buffer.concat([Buffer.alloc(16), Buffer.from([3]), Buffer.from(`${label}\0`)]));
  return block("jumb", Buffer.concat([description, ...children]));
}

/** CBOR of texts, lists and maps. @param {any} value @returns {Buffer} */
function cbor(value) {
  const head = (/** @type {number} */ major, /** @type {number} */ length) => Buffer.concat([Buffer.from([(major << 5) | 26]), u32(length)]);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  const entries = Object.entries(value);
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

/** COSE_Sign1 whose certificate names this one. @param {string} name */
function signature(name) {
  const der = (/** @type {number} */ tag, /** @type {Buffer[]} */ ...parts) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  };
  const common = der(0x30, der(0x06, Buffer.from([0x55, 4, 3])), der(0x0c, Buffer.from(name)));
  const empty = der(0x30);
  const certificate = der(0x30, der(0x30, der(0x02, Buffer.from([1])), empty, empty, empty, der(0x30, der(0x31, common))));
  return cbor([Buffer.alloc(0), { x5chain: certificate }, "", Buffer.alloc(64)]);
}
