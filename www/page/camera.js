// A picture from the device's camera. The stream runs only while the dialog is open, and nothing of it is kept but the picture.

import { make } from "./dom.js";
import { strings } from "./strings.js";

/** Whether there is a camera that this page may ask for. */
export async function hasCamera() {
  if (!navigator.mediaDevices?.getUserMedia) return false;
  const policy = /** @type {any} */ (document).featurePolicy;
  if (policy && !policy.allowsFeature("camera")) return false;
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.some(({ kind }) => kind === "videoinput");
}

/** @returns {Promise<File | null>} null when the person closes the dialog without a picture */
export function takePicture() {
  const words = strings.batch.camera;
  const video = make("video", { playsinline: true, muted: true, hidden: true });
  video.muted = true; // the attribute alone has no effect on an element made so
  const message = make("p", { role: "status" }, words.starting);
  const shutter = make("button", { type: "button", disabled: true }, words.shutter);
  const cancel = make("button", { type: "button", class: "plain" }, strings.batch.close);
  const dialog = make("dialog", { class: "camera", "aria-label": words.title }, video, message, make("div", { class: "actions" }, shutter, cancel));
  document.body.append(dialog);
  dialog.showModal();

  /** @type {File | null} */
  let picture = null;
  cancel.addEventListener("click", () => dialog.close());
  shutter.addEventListener("click", async () => {
    picture = await frameOf(video);
    dialog.close();
  });
  const stream = start(video).then(
    (started) => {
      message.hidden = true;
      video.hidden = false;
      shutter.disabled = false;
      shutter.focus();
      return started;
    },
    (error) => {
      message.textContent = messageFor(error);
      return null;
    },
  );
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      stream.then((started) => started?.getTracks().forEach((track) => track.stop()));
      dialog.remove();
      resolve(picture);
    });
  });
}

/** @param {HTMLVideoElement} video */
async function start(video) {
  const wanted = { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1080 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  video.srcObject = stream;
  await video.play().catch(() => {}); // closed meanwhile
  return stream;
}

/** What the video shows, without loss. @param {HTMLVideoElement} video @returns {Promise<File>} */
async function frameOf(video) {
  const canvas = make("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise((/** @type {BlobCallback} */ resolve) => canvas.toBlob(resolve, "image/png"));
  return new File(blob ? [blob] : [], strings.batch.camera.picture, { type: "image/png" });
}

/** @param {Error} error of `getUserMedia` */
function messageFor({ name }) {
  const words = strings.batch.camera;
  if (name === "NotAllowedError" || name === "SecurityError") return words.refused;
  return name === "NotFoundError" || name === "OverconstrainedError" ? words.missing : words.busy;
}
