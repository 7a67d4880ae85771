// A picture fetched by the extension itself, once a person has allowed its site: without cookies, without saying from where.

/** Bytes; the largest picture that can be traced is smaller. */
const LARGEST = 64 * 1024 * 1024;

/**
 * @param {string} url
 * @returns {Promise<{base64: string} | {error: string}>} `error` is a key of the strings, `extension.trouble`
 */
export async function fetchPicture(url) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer", cache: "force-cache" });
  } catch {
    return { error: "unreachable" };
  }
  if (!response.ok) return { error: response.status === 404 ? "gone" : "refused" };
  const type = response.headers.get("Content-Type") ?? "";
  if (/^(text|application\/(json|xhtml))/.test(type)) return { error: "noPicture" };
  return read(response);
}

/** @param {Response} response @returns {Promise<{base64: string} | {error: string}>} */
async function read(response) {
  if (Number(response.headers.get("Content-Length")) > LARGEST) return { error: "tooLarge" };
  const chunks = [];
  let size = 0;
  for (const reader = response.body?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      return { error: "tooLarge" };
    }
    chunks.push(value);
  }
  return { base64: await toBase64(new Blob(chunks)) };
}

/** Messages between the parts of an extension carry text only. @param {Blob} blob @returns {Promise<string>} */
function toBase64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
