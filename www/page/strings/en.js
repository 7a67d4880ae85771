// English, the master: the other languages have its keys, which the type checker sees to.

export const english = {
  title: "Where did this face come from?",
  lead: "Real, or made by a machine? And if made, how, and by which kind of generator? Your picture is examined in this browser and never leaves your device.",

  intakeTitle: "Drop or choose a picture",
  choose: "Choose pictures",
  intakeHint: "Dropping works anywhere on this page; pasting works too.",
  samplesTitle: "Or try one of these. They show nobody: a statistical model made them.",
  /** @param {number} number */
  sample: (number) => `Try sample ${number}`,
  limitsTitle: "What this can and cannot tell",
  limitGuess: "An answer is a model’s guess, not proof. It is sometimes wrong while sounding sure. Look for other evidence before you act on it.",
  limitKnown: "It knows the generators that it was trained on. Pictures from others should come out as “unknown generator”, but may be taken for a known one or for real.",
  limitTraces: "Small, blurred, filtered, screenshotted or heavily compressed pictures lose the traces it looks for. It looks at faces only.",
  limitPerson: "It does not recognise people: it says nothing about who is shown.",
  limitUse: "For research and evaluation. Do not use it alone to accuse, to judge or to refuse anyone.",
  privacy: "Nothing you open here is sent or stored. Once the page has loaded, it works with the network switched off.",

  results: "Results",
  /** @param {string} received @param {string | null} total */
  fetching: (received, total) => (total ? `Fetching the model: ${received} of ${total}` : `Fetching the model: ${received}`),
  preparing: "Preparing the model",
  /** @param {string} megabytes */
  megabytes: (megabytes) => `${megabytes} MB`,
  ready: "Ready.",
  /** @param {string} detail */
  cannotStart: (detail) => `The tracer could not start. Reload the page; if that does not help, try a current browser. (${detail})`,
  notStarted: "The tracer could not start, so this picture was not examined. Reload the page and try again.",

  backendLabel: "Compute on",
  backendAuto: "whatever is faster",
  backendGpu: "the GPU",
  backendCpu: "the CPU",
  answersCpu: "Answers are computed on the CPU of this device.",
  answersGpu: "Answers are computed on the GPU of this device.",
  tryingGpu: "Answers are computed on the CPU of this device; the GPU is being tried.",
  notice: {
    "gpu-missing": "This browser offers no GPU to compute on (WebGPU), so the CPU answers.",
    "gpu-slow": "The CPU is faster than the GPU here, so the CPU answers.",
    "gpu-wrong": "The GPU gave wrong answers to a test question, so the CPU answers.",
    "gpu-failed": "The GPU failed or was lost, so the CPU answers.",
  },

  shell: {
    measureAgain: "Measure again",
    kept: "This page and its model are kept on this device: next time they open without a network.",
    /** @type {Record<import("../../tracer/verdict.js").NotKept, string>} */
    notKept: {
      unlisted: "",
      unavailable: "This browser does not let the page be kept on this device. It works all the same, but needs the network each time it is opened.",
      full: "There is no room on this device to keep this page. It works all the same, but needs the network each time it is opened.",
      refused: "This page could not be kept on this device. It works all the same, and tries again when it is opened next.",
    },
    /** @param {string} detail */
    modelWrong: (detail) => `The model that arrived is damaged, or is not the one that this page was made for. Reload the page. (${detail})`,
    /** @param {string} detail */
    modelUnreachable: (detail) => `The model could not be fetched, so nothing can be examined yet. Check the network and reload the page. (${detail})`,
    modelRepaired: "The model kept on this device was damaged and has been fetched again.",
    newVersion: "A new version of this page is ready.",
    reload: "Reload",
    reloadClears: "Reloading clears the results below.",
    replaced: "Another window has started a new version of this page. Reload this one when you have finished here.",
    sharedFailed: "The shared picture did not arrive here. Save it on this device and choose it with the button.",
  },

  waiting: "Waiting",
  tracing: "Examining",
  /** @param {string} name */
  announceTracing: (name) => `Examining ${name}`,
  /** @param {string} name @param {string} answer */
  announceResult: (name, answer) => `${name}: ${answer}`,
  pastedPicture: "Pasted picture",
  nothingPasted: "There is no picture on the clipboard. Copy a picture, or save it and choose the file.",
  nothingDropped: "That was a link or text, not a picture. This page fetches nothing from elsewhere: save the picture, then drop the file.",
  unreadable: "This could not be read. If it is a folder, drop the pictures in it; if it is on a network drive, copy it to this device first.",
  remove: "Remove",
  /** @param {string} name */
  removeNamed: (name) => `Remove the result for ${name}`,
  cannotShow: "Your browser cannot show this kind of picture; the answer is not affected.",
  /** @param {string} name */
  pictureOf: (name) => `The picture ${name}`,

  noFace: "No face found",
  noFaceAdvice: "Try a picture in which the face is larger, upright and not covered. If this picture is itself a close crop of a face, it can be examined as a whole.",
  traceWhole: "Examine the whole picture",
  notTraced: "No answer",
  /** @param {number} count */
  severalFaces: (count) => `${count} faces`,
  faces: "Faces in this picture",
  /** @param {number} number */
  face: (number) => `Face ${number}`,
  /** @param {string} name @param {string} share */
  withShare: (name, share) => `${name} (${share})`,

  headline: {
    real: "Probably real",
    generated: "Probably generated",
    manipulated: "Probably manipulated",
    fake: "Probably fake",
    unsure: "Cannot tell",
  },
  explain: {
    real: "The traces look like those of a camera photograph.",
    generated: "The whole face looks like the work of a generator.",
    manipulated: "A photograph of a face seems to have been altered by a machine.",
    fake: "The traces do not look like those of an untouched photograph.",
    unsure: "The traces fit real and fake pictures about equally well. That is an answer too: do not read more into it.",
  },
  real: "real",
  fake: "fake",
  level: { authenticity: "Real or fake", forgery: "Forgery type", family: "Family", generator: "Generator" },
  cannotTell: "Cannot tell",
  unknownGenerator: "Unknown generator",
  /** @param {string} generator */
  nearest: (generator) => `Closest known: ${generator}`,
  allScores: "All classes and their probabilities",
  /** @param {string} level */
  ifFake: (level) => `${level}, if it is fake`,
  /** @param {string} share @param {string} basis */
  reliability: (share, basis) => `In our tests, answers for pictures like this one were right ${share} of the time (${basis}).`,
  noReliability: "We have not measured how often answers for pictures like this one are right.",
  /** @param {import("../../tracer/verdict.js").Backend} backend @param {string} time @param {string} size @param {string} model */
  answeredBy: (backend, time, size, model) =>
    `Answered by the ${backend.toUpperCase()} in ${time}. ${size}. Model ${model}.`,
  /** @param {string} milliseconds */
  milliseconds: (milliseconds) => `${milliseconds} ms`,
  /** @param {number} width @param {number} height @param {string} format */
  pictureSize: (width, height, format) => `${width} × ${height} pixels, ${format.toUpperCase()}`,

  /** What the classes are called; a class without an entry goes by its own name. @type {Record<string, string>} */
  className: {
    real: "Real",
    fake: "Fake",
    EFS: "Entire face synthesis",
    AM: "Attribute manipulation",
    FS: "Face swap",
    FR: "Reenactment",
    diffusion: "Diffusion",
    autoencoder: "Autoencoder",
    flow: "Flow",
    autoregressive: "Autoregressive",
    graphics: "Graphics editor or renderer",
    unknown: "Unknown generator",
    "cannot tell": "Cannot tell",
    "SD2.1": "Stable Diffusion 2.1",
    SDXL: "Stable Diffusion XL",
    FLUX1_schnell: "FLUX.1 schnell",
    FLUX1_dev: "FLUX.1 dev",
    StarGAN_128: "StarGAN",
    inswapper_128: "inswapper",
    DFDC_mixed_faceswap: "Face swaps of the DFDC set",
    photoshop_composite: "Composite made in an image editor",
  },
  /** @type {Record<string, string>} */
  classMeaning: {
    EFS: "all of the face was made by a generator",
    AM: "a real face, with features such as age, hair or expression changed",
    FS: "one person’s face put onto another’s picture",
    FR: "a real face made to move or speak like another",
  },
};
