// Writes zip archives for the tests, whole and awkward ones.

import { crc32, deflateRawSync } from "node:zlib";

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {Buffer} bytes
 * @property {boolean} [encrypted] says that it is
 * @property {number} [method] of compression that it claims; 8, deflate, is what it has
 * @property {number} [size] unpacked, that it claims
 */

/** @param {ZipEntry[]} entries */
export function zip(entries) {
  /** @type {Buffer[]} */
  const local = [];
  /** @type {Buffer[]} */
  const central = [];
  let offset = 0;
  for (const { name, bytes, encrypted = false, method = 8, size = bytes.length } of entries) {
    const packed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | Number(encrypted), 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(path.length, 22);
    local.push(Buffer.from("PK\x03\x04"), common, path, packed);

    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00"), common, rest, path);
    offset += 30 + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\x05\x06"), end]);
}
