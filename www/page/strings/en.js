// English, the master: the other languages have its keys, which the type checker sees to.

import { plurals } from "./plural.js";

const plural = plurals("en");

export const english = {
  title: "Where did this face come from?",
  lead: "Real, or made by a machine? And if made, how, and by which kind of generator? Your picture is examined in this browser and never leaves your device.",

  intakeTitle: "Drop or choose a picture",
  choose: "Choose pictures",
  intakeHint: "Dropping works anywhere on this page, with folders and zip files too; so does pasting.",
  samplesTitle: "Or try one of these. They show nobody: a statistical model made them.",
  /** @param {number} number */
  sample: (number) => `Try sample ${number}`,
  limitsTitle: "What this can and cannot tell",
  limitGuess: "An answer is a model’s guess, not proof. It is sometimes wrong while sounding sure. Look for other evidence before you act on it.",
  limitKnown: "It knows the generators that it was trained on. Pictures from others should come out as “unknown generator”, but may be taken for a known one or for real.",
  limitTraces: "Small, blurred, filtered, screenshotted or heavily compressed pictures lose the traces it looks for. It looks at faces only.",
  limitPerson: "It does not recognise people: it says nothing about who is shown.",
  limitUse: "For research and evaluation. Do not use it alone to accuse, to judge or to refuse anyone.",
  privacy: "Nothing you open here is sent, and nothing of it is stored unless you teach a generator or load a model yourself. Once the page has loaded, it works with the network switched off.",

  settings: {
    title: "Settings",
    language: "Language",
    theme: "Appearance",
    themeSystem: "As the device",
    themeLight: "Light",
    themeDark: "Dark",
    motion: "Motion",
    motionSystem: "As the device",
    motionReduced: "Reduced",
    kept: "Remembered on this device only.",
    languageMissing: "This language could not be loaded. Check the connection, then choose it again.",
  },

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
  severalFaces: (count) => plural(count, { one: `${count} face`, other: `${count} faces` }),
  faces: "Faces in this picture",
  /** @param {number} number */
  face: (number) => `Face ${number}`,
  /** @param {string} name @param {string} share */
  withShare: (name, share) => `${name} (${share})`,

  /** Many pictures at once, and the ways they come in. */
  batch: {
    chooseFolder: "Choose a folder",
    chooseArchive: "Choose a zip file",
    /** @param {string} found */
    gathering: (found) => `Looking for pictures: ${found} so far`,
    nothingFound: "There is no picture among these files.",
    /** @param {string} pictures */
    title: (pictures) => `${pictures} pictures`,
    progress: "Progress",
    /** @param {string} done @param {string} all */
    doneOf: (done, all) => `${done} of ${all} examined`,
    /** @param {string} done @param {string} all @param {string} rate @param {string} left */
    doneAtRate: (done, all, rate, left) => `${done} of ${all} examined, ${rate} a second, about ${left} left`,
    /** @param {string} done @param {string} all */
    paused: (done, all) => `Paused: ${done} of ${all} examined`,
    /** @param {string} done @param {string} all */
    stopped: (done, all) => `Cancelled: ${done} of ${all} examined`,
    /** @param {string} all */
    allDone: (all) => `All ${all} examined`,
    pause: "Pause",
    resume: "Resume",
    cancel: "Cancel",
    goOn: "Examine the rest",
    removeTable: "Remove the table",
    filterAnswer: "Show",
    filterName: "Name contains",
    answers: {
      all: "All",
      fake: "Probably fake",
      real: "Probably real",
      unsure: "Cannot tell",
      none: "No face",
      failed: "Not read",
    },
    columns: {
      picture: "Picture",
      answer: "Answer",
      probability: "Probability",
      forgery: "Forgery type",
      family: "Family",
      generator: "Generator",
      faces: "Faces",
      size: "Size",
      state: "State",
    },
    caption: "The pictures and their answers. Arrow keys move between the rows; Enter opens a picture.",
    /** @param {string} share */
    fakeShare: (share) => `${share} fake`,
    severalFaces: "A picture with several faces is listed by the one that looks most fake. Open a picture to see all about it.",
    nothingFits: "No picture fits this filter.",
    /** @param {number} width @param {number} height */
    pixels: (width, height) => `${width} × ${height}`,
    examined: "Examined",
    notExamined: "Not examined",
    /** @param {string} files @param {number} number for languages whose plural depends on it */
    leftOut: (files, number) => (number === 1 ? `${files} file was left out: no picture, or hidden` : `${files} files were left out: no pictures, or hidden`),
    leftOutNames: "The files that were left out",
    previous: "Previous",
    next: "Next",
    close: "Close",
    saveCsv: "Save table (CSV)",
    saveJson: "Save table (JSON lines)",
    fileName: "verdicts",
    /** @param {string} saved @param {string} all */
    saved: (saved, all) => (saved === all ? `The table was saved with all ${all} pictures.` : `The table was saved with ${saved} of ${all} pictures; the others are not examined yet.`),
    /** @param {number} mebibytes */
    tooLarge: (mebibytes) => `this file is larger than ${mebibytes} MB; save the picture as a JPEG and try again`,
    archive: {
      encrypted: "this is protected by a password; unpack it first and drop the pictures",
      unsupported: "this is packed in a way that cannot be read here; unpack it first and drop the pictures",
      split: "this zip file is one part of several; unpack it first and drop the pictures",
      damaged: "this zip file is damaged or is none; try to unpack it and drop the pictures",
      damagedEntry: "this picture is damaged within the zip file",
      noReader: "what reads zip files could not be loaded; reload the page and try again",
      /** @param {number} count @param {number} most */
      tooMany: (count, most) => `this zip file holds ${count} pictures, and only the first ${most} were taken; split it`,
    },
    camera: {
      open: "Take a picture",
      title: "Take a picture",
      shutter: "Take the picture",
      starting: "Starting the camera",
      picture: "Camera picture.png",
      refused: "The browser may not use the camera. Allow it for this page in the address bar or in the settings of the browser, and try again.",
      busy: "The camera could not be started. It may be in use by another program.",
      missing: "No camera was found.",
    },
  },

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

  models: {
    title: "Models and generators",
    close: "Close",
    inUse: "The model that answers",
    name: "Name",
    version: "Version",
    hash: "SHA-256",
    origin: "From",
    fromPage: "it came with this page",
    fromFile: "a file that you loaded",
    loadOther: "Load a model from a file",
    switchBack: "Switch back to the model that came with this page",
    /** @param {string} name */
    useAgain: (name) => `Use your model ${name} again`,
    /** @param {string} name */
    forget: (name) => `Forget your model ${name}`,
    /** @param {string} name */
    forgotten: (name) => `Your model ${name} is no longer kept on this device.`,
    loading: "Loading the model and checking its arithmetic",
    /** @param {string} name */
    loaded: (name) => `From now on ${name} answers, at your next visit too. Answers from before stay as they are.`,
    /** @param {string} name */
    loadedNotKept: (name) => `From now on ${name} answers. This browser would not keep it, so load it again at your next visit.`,
    replaced: "Another model answers now. Examine the picture again.",
    switched: "The model that came with this page answers again.",
    /** @param {string} detail */
    refused: (detail) => `This model cannot be used, and the one before goes on: ${detail}`,
    tooLarge: "the file is larger than 512 MiB, which no model for this page is; use a file made by “trainer export”.",
    gone: "The browser has removed it to save space. Load the file again.",
    /** @param {string} name @param {string} detail */
    notStarted: (name, detail) => `Your model ${name} could not be used, so the one that came with this page answers. (${detail})`,
    /** @param {string} name @param {string} hash */
    yours: (name, hash) => `${name} (your own, ${hash})`,
    /** @param {number} count */
    generatorsKnown: (count) => `Generators that it knows (${count})`,
    fromFewPictures: "from a few pictures",
    reliabilityTitle: "How reliable it was in tests",
    measuredOn: "Measured on",
    wasRight: "Real or fake was right",
    trainingTitle: "How it was trained",
    noTraining: "The file does not say.",
    cardTitle: "Model card",
    noCard: "The file carries no card.",
    /** @param {number} count */
    cardCut: (count) => `The card is longer than what is shown here, by ${count} characters.`,
  },

  teach: {
    title: "Generators that you taught",
    lead: "Show a few pictures from one generator, and answers on this device can name it from then on. Only its name, numbers from the model and small pictures of the faces are kept, in this browser. Nothing is sent.",
    byYou: "taught by you",
    /** @param {string} name */
    markedName: (name) => `${name} (taught by you)`,
    start: "Teach a new generator",
    noneYet: "You have taught none yet.",
    notKept: "This browser refuses to store anything, or has no room. What you taught holds for this visit only: save it to a file.",

    newTitle: "Teach a new generator",
    newLead: "Choose pictures of which you know that this generator made them, and in which the face is large. Different faces are better than one face often.",
    nameLabel: "Name of the generator",
    forgeryLabel: "What does it do to a face?",
    familyLabel: "What kind of generator is it?",
    notSure: "Not sure",
    notSureMeaning: "It will be what the model makes of the pictures.",
    /** @type {Record<string, string>} */
    familyMeaning: {
      GAN: "two networks that learnt against each other, such as StyleGAN",
      diffusion: "makes a picture out of noise, such as Stable Diffusion, FLUX or Midjourney",
      VAE: "squeezes faces together and unfolds them again; often soft",
      autoencoder: "learnt the faces of two people, as face-swap programs do",
      flow: "turns noise into a face by steps that can be undone",
      autoregressive: "writes a picture piece by piece",
      graphics: "made by hand or by a program for 3D pictures",
    },
    pictures: "Pictures of the generator",
    picturesLead: "Five pictures or more, each of another face. Three are the least: with fewer it cannot be measured how near is near enough.",
    choosePictures: "Choose its pictures",
    /** @param {number} usable @param {number} all */
    usable: (usable, all) => (all === 0 ? "You can also drop or paste them here." : `${usable} of ${all} pictures can be used.`),
    faceFound: "face found",
    /** @param {number} count */
    facesFound: (count) => `${count} faces found; the clearest counts`,
    noFace: "no face found, so it does not count",
    useWhole: "Use as whole crop",
    /** @param {string} name */
    useWholeNamed: (name) => `Use ${name} as whole crop`,
    wholeUsed: "taken as one face, as a whole",
    /** @param {string} name */
    samePicture: (name) => `the same picture as ${name}, so it does not count`,
    /** @param {string} name */
    takeOut: (name) => `Remove ${name}`,
    teach: "Teach it",
    discard: "Discard",
    examiningAll: "Examining the pictures",
    /** @param {number} least @param {number} usable */
    tooFew: (least, usable) => `It takes at least ${least} pictures with a face; ${usable} can be used. Add some more.`,
    nameEmpty: "Give it a name.",
    /** @param {number} most */
    nameLong: (most) => `The name is longer than ${most} letters. Shorten it.`,
    nameUnseen: "The name has characters that cannot be seen. Type it anew.",
    /** @param {string} name */
    nameTaken: (name) => `“${name}” already stands for something in answers. Choose another name.`,

    /** @param {string} name */
    taughtNow: (name) => `${name} takes part from now on.`,
    /** @param {number} named @param {number} pictures */
    recognised: (named, pictures) => `${named} of ${pictures} pictures would be recognised by the others.`,
    /** @param {string} name @param {string} closest */
    hardly: (name, closest) => `This model hardly tells ${name} apart; to it, ${closest} comes closest. Expect few pictures to be named.`,
    /** @param {string} closest */
    lookalike: (closest) => `To this model it looks much like ${closest}: the two may be mixed up.`,
    /** @param {number} real @param {number} pictures */
    mostlyReal: (real, pictures) => `The model takes ${real} of its ${pictures} pictures for real, and of a real face no generator is named. Teaching does not change that.`,
    /** @param {number} real @param {number} pictures */
    someReal: (real, pictures) => `The model takes ${real} of its ${pictures} pictures for real; of those no generator is named.`,
    /** @param {number} good */
    few: (good) => `It works better with ${good} pictures or more.`,
    /** @param {number} pictures @param {string} forgery @param {string} family @param {string} date */
    summary: (pictures, forgery, family, date) => `${forgery}, ${family}. ${pictures} pictures, ${date}.`,
    /** @param {string} name */
    picturesOf: (name) => `Small pictures of what ${name} was taught with`,
    /** @param {string} reason */
    takesNoPart: (reason) => `It takes no part at present: ${reason}`,
    /** @param {string} model */
    otherModel: (model) => `Made with another model, ${model}. They take part when that model answers. For this one, teach them again.`,
    rename: "Rename",
    /** @param {string} name */
    renameNamed: (name) => `Rename ${name}`,
    /** @param {string} name */
    newName: (name) => `New name for ${name}`,
    renameDone: "Save name",
    /** @param {string} before @param {string} after */
    renamed: (before, after) => `${before} is now called ${after}.`,
    delete: "Delete",
    /** @param {string} name */
    deleteNamed: (name) => `Delete ${name}`,
    /** @param {string} name */
    deleted: (name) => `${name} was deleted.`,
    deleteAll: "Delete all",
    /** @param {number} count */
    deletedAll: (count) => `All ${count} were deleted.`,
    undo: "Undo",
    undone: "They are back.",

    filesTitle: "To and from files",
    exportLead: "A file with all that you taught, for another browser or a colleague. It holds names and numbers, no pictures unless you tick them.",
    exportThumbnails: "with the small pictures of faces",
    export: "Save to a file",
    exportName: "taught-generators.json",
    bundleLead: "Or the whole model with what you taught in it, for other copies of this page and for “trainer predict --model”.",
    saveBundle: "Save as a model file",
    /** @param {string} name */
    bundleName: (name) => `${name}-taught.safetensors`,
    import: "Read from a file",
    /** @param {number} count */
    imported: (count) => (count === 1 ? "One generator was taken in and takes part from now on." : `${count} generators were taken in and take part from now on.`),
    /** @param {number} count @param {string} model */
    importedForeign: (count, model) => `${count} taken in. They were made with another model, ${model}, and take part only when that answers.`,
    /** @param {string} detail */
    importRefused: (detail) => `Nothing was taken in. ${detail}`,
    clashTitle: "Some names are taken. What shall become of them?",
    /** @param {string} name */
    clashOf: (name) => `${name}, which you have already`,
    /** @param {string} name */
    clashRename: (name) => `Keep both, and call the one from the file ${name}`,
    clashReplace: "Replace mine by the one from the file",
    clashSkip: "Leave out the one from the file",
    importNow: "Take in",

    file: {
      /** @param {string} place @param {string} what */
      wrong: (place, what) => `In the file, ${place}: ${what}.`,
      /** @param {number} most */
      tooLarge: (most) => `The file is larger than ${most} MiB.`,
      notJson: "The file is damaged, or not one that this page saved: it is no JSON.",
      notOurs: "This is not a file with taught generators; this page saves such files.",
      /** @param {string} version @param {number} known */
      otherVersion: (version, known) => `The file has version ${version.slice(0, 20)} of its format, this page reads version ${known}. Reload the page to get its latest state.`,
      notObject: "a group of fields was expected",
      /** @param {string} name */
      missing: (name) => `the field “${name}” is missing`,
      /** @param {string} name */
      unexpected: (name) => `the field “${name}” does not belong here`,
      notList: "a list of at least one was expected",
      notText: "text was expected",
      tooLong: "it is too long",
      /** @param {number} most */
      tooMany: (most) => `there are more than ${most}`,
      notHash: "it is no SHA-256",
      notTidy: "the name has spaces too many",
      twice: "the name is there twice",
      notDate: "it is no date",
      /** @param {number} most */
      notCount: (most) => `a whole number of 0 to ${most} or null was expected`,
      /** @param {number} count */
      otherCount: (count) => `there must be ${count}, one for each picture`,
      notBase64: "it is no base64",
      notFloats: "it is no list of numbers in single precision",
      notUnit: "it is not of length 1",
      notAlike: "they have another number of values than the others in the file",
      notJpeg: "it is no JPEG picture",
      /** @param {string} name @param {string} known */
      noForgery: (name, known) => `the forgery type “${name}” is none of ${known}`,
      /** @param {string} name @param {string} known */
      noFamily: (name, known) => `the family “${name}” is none of ${known}`,
    },

    nearestTitle: "The nearest pictures that you taught",
    nearestLead: "How alike the model finds this face and each of them: in their traces, not in who is shown.",
    likeness: { nearly: "almost the same", very: "much alike", somewhat: "somewhat alike", hardly: "hardly alike" },
    /** @param {string} words @param {string} cosine */
    alike: (words, cosine) => `${words} (${cosine} of 1)`,
  },

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
  extension: {
    popupTitle: "Trace a face",
    clipboard: "Trace the picture on the clipboard",
    chooseFile: "Choose pictures",
    dropHint: "Or drop or paste pictures here.",
    capture: "Photograph this tab",
    captureHint: "Examines what shows now. The picture is resampled, so the answer is weaker.",
    lastResults: "Show the last results",
    /** @param {string} detail */
    noPanel: (detail) => `The results could not be opened. Try again; if that does not help, restart the browser. (${detail})`,
    pictureFrom: /** @param {string} title */ (title) => `Picture from “${title}”`,
    tabOf: /** @param {string} title */ (title) => `Photograph of “${title}”`,
    /** How the picture was got. */
    got: {
      page: "Read in the page that showed it.",
      /** @param {string} site */
      site: (site) => `Fetched again from ${site}, without cookies.`,
      capture: "Cut from a photograph of the tab: resampled, so the answer is weaker than for the file itself.",
      tab: "A photograph of the tab: resampled, so the answer is weaker than for the files themselves.",
      file: "Given by you.",
    },
    /** @param {string} site */
    askTitle: (site) => `${site} does not let the page read this picture`,
    /** @param {string} site */
    ask: (site) => `Allow the extension to fetch it from ${site}? It is asked for without cookies and nothing is sent along. Or let it photograph what shows.`,
    /** @param {string} site */
    allow: (site) => `Allow ${site}`,
    photograph: "Photograph what shows",
    trouble: {
      nothing: "There is no picture under the pointer. Right-click on the picture itself, or photograph the tab.",
      closed: "The browser does not let extensions look into this page. Save the picture and drop it here.",
      navigated: "The tab has gone to another page meanwhile. Go back and try again, or save the picture and drop it here.",
      unreachable: "The picture could not be fetched again. Save it and drop it here.",
      gone: "The picture is no longer where the page had it. Save it and drop it here.",
      refused: "The site refused to give the picture again. Save it and drop it here.",
      noPicture: "The site answered with something that is no picture. Save the picture and drop it here.",
      tooLarge: "The picture has more than 64 MB. Save a smaller copy and drop it here.",
      notAllowed: "The site was not allowed. Save the picture and drop it here, or try again.",
      noPhotograph: "The tab could not be photographed. Save the picture and drop it here.",
    },

    history: {
      title: "History",
      keep: "Keep a history on this device",
      keepHint: "Answers, the pictures’ names and very small previews of them, until you delete them; not the pictures. Nothing from private windows.",
      privacy: "Nothing you open here is sent. The history is on: answers, names and very small previews of pictures are kept on this device until you delete them.",
      off: "The history is off: no answer is being kept. It is turned on in the settings.",
      none: "There is nothing in the history.",
      /** @param {number} number @param {string} count @param {string} size */
      sum: (number, count, size) => (number === 1 ? `One answer, ${size}` : `${count} answers, ${size}`),
      /** @param {string} found @param {string} all */
      found: (found, all) => `${found} of ${all} found`,
      search: "Search for names or words of answers",
      whole: "The whole answer",
      fetched: "Fetched again from its site, without cookies.",
      delete: "Delete",
      /** @param {string} name */
      deleteNamed: (name) => `Delete ${name} from the history`,
      /** @param {string} name */
      deleted: (name) => `${name} was deleted from the history.`,
      undo: "Undo",
      undone: "It is back.",
      deleteAll: "Delete all",
      /** @param {number} number */
      allQuestion: (number) => (number === 1 ? "Delete the one answer in the history? That cannot be undone." : `Delete all ${number} answers in the history? That cannot be undone.`),
      /** @param {number} number */
      offQuestion: (number) => (number === 1 ? "The history is off now, and one answer is still in it. Delete it too?" : `The history is off now, and ${number} answers are still in it. Delete them too?`),
      deleteKept: "Delete",
      leaveKept: "Keep",
      close: "Close",
      trouble: {
        refused: "The browser does not let the extension keep a history here. Everything else works as before.",
        full: "There is no room left on this device for the history, so the latest answer was not kept. Delete some answers, or make room on the device.",
      },
    },
  },

  claims: {
    /** @param {string} what a list of what it says, in the words below */
    says: (what) => `The file says: ${what}`,
    saysOther: "The file says nothing about how the picture was made, but has other details",
    saysNothing: "The file says nothing about its origin",
    unreadable: "What the file says of itself could not be read. The answer above is not affected.",
    /** @param {string} generator */
    madeBy: (generator) => `made by ${generator}`,
    /** @param {string} camera */
    takenWith: (camera) => `taken with ${camera}`,
    namesPlace: "the place where it was taken",
    hasCredentials: "content credentials are present (not checked)",
    caution:
      "This is what the file says of itself. The answer above does not use it: that comes from the picture’s pixels alone. Anybody can write such things into a file, change them or take them out. So it may be untrue, and that a file says nothing proves nothing: most apps and websites remove it.",
    place: "This file says where the picture was taken. Whoever gets the file can read that too.",

    generatorTitle: "Image generator",
    generator: "Claims to be made by",
    model: "Model",
    seed: "Seed",
    textTitle: "Text in the file",
    copy: "Copy",
    /** @param {string} name */
    copyNamed: (name) => `Copy the text “${name}”`,
    copied: "Copied",
    notCopied: "The browser did not allow copying: select the text and copy it by hand.",
    /** @param {string} characters */
    cut: (characters) => `Cut off here: the file has at least ${characters} more characters.`,
    /** @param {string} count */
    leftOut: (count) => `The file says more than is listed here: ${count} more entries.`,
    /** @param {string} count */
    exifTitle: (count) => `Camera, program, date and place (EXIF): ${count}`,
    /** @param {string} count */
    descriptionTitle: (count) => `Description and rights (XMP, IPTC): ${count}`,

    sourceTitle: "Source type (IPTC)",
    /** @param {string} words */
    sourceIs: (words) => `Claims to be: ${words}`,
    /** @param {string} code */
    unknownSource: (code) => `of the source type ${code}, which this page does not know`,
    /** What the IPTC's codes mean. @type {Record<string, string>} */
    source: {
      digitalCapture: "a photograph by a digital camera",
      computationalCapture: "a photograph put together by the camera from several shots",
      negativeFilm: "a scan of a film negative",
      positiveFilm: "a scan of a slide or other positive film",
      print: "a scan of a print",
      minorHumanEdits: "a photograph with small edits by a person",
      humanEdits: "a picture edited by a person, without generative tools",
      compositeWithTrainedAlgorithmicMedia: "a picture edited or put together with generative AI",
      algorithmicallyEnhanced: "a picture altered by an algorithm, without generative AI",
      softwareImage: "a picture made with software",
      digitalArt: "digital art made by a person",
      digitalCreation: "a picture made by a person with digital tools, without generative AI",
      dataDrivenMedia: "a picture drawn by software from data",
      trainedAlgorithmicMedia: "made by generative AI",
      algorithmicMedia: "made by an algorithm that was not trained on other media",
      screenCapture: "a screenshot",
      virtualRecording: "a recording of a virtual scene, with or without real people",
      composite: "put together from several pictures, of which some may be made by AI",
      compositeCapture: "put together from several photographs",
      compositeSynthetic: "put together from several pictures, at least one of them made by a machine",
      empty: "begun as an empty picture",
      trainedAlgorithmicData: "data made by a trained model",
    },

    credentialsTitle: "Content credentials (C2PA)",
    unchecked:
      "This page has not checked the signature: read these as claims. Whether they hold can be checked with a verifier for content credentials.",
    credentialsBy: "Claims to be written by",
    signer: "Signed in the name of",
    titled: "Title",
    history: "What is said to have been done:",
    by: "by",
    /** @param {string} count */
    ingredients: (count) => `There are also credentials of what it was made from, which are not shown here: ${count}.`,
    fault: {
      broken: "A part of the content credentials is damaged and could not be read.",
      "too-large": "The content credentials are too large to be read here in full.",
      compressed: "A part of the content credentials is compressed in a way that this page does not read.",
    },
    /** @type {Record<string, string>} */
    action: {
      "c2pa.created": "Created",
      "c2pa.opened": "Opened",
      "c2pa.placed": "Another picture was put in",
      "c2pa.removed": "Something was taken out",
      "c2pa.edited": "Edited",
      "c2pa.edited.metadata": "Description edited",
      "c2pa.addedText": "Text added",
      "c2pa.adjustedColor": "Colours changed",
      "c2pa.color_adjustments": "Colours changed",
      "c2pa.cropped": "Cropped",
      "c2pa.drawing": "Drawn on",
      "c2pa.filtered": "Filtered",
      "c2pa.orientation": "Turned or mirrored",
      "c2pa.resized": "Resized",
      "c2pa.converted": "Converted to another format",
      "c2pa.transcoded": "Encoded again",
      "c2pa.repackaged": "Put into another file",
      "c2pa.published": "Published",
      "c2pa.redacted": "Claims removed",
      "c2pa.deleted": "Something was deleted",
      "c2pa.enhanced": "Enhanced",
      "c2pa.translated": "Translated",
      "c2pa.watermarked": "Given a hidden mark",
      "c2pa.watermarked.bound": "Given a hidden mark tied to these credentials",
      "c2pa.watermarked.unbound": "Given a hidden mark",
      "c2pa.unknown": "Something that is not told",
    },
  },

  why: {
    title: "Why this answer?",
    looking: "Looking at what the model saw",
    /** @param {string} detail */
    failed: (detail) => `This could not be computed. (${detail})`,
    otherModel: "Another model gave this answer. Load that model again, or examine the picture anew.",
    again: "Try again",
    sawTitle: "What the model saw",
    saw: "The model does not see the whole picture, only this face, in three ways.",
    sawPatch: "The model does not see the whole picture, only this face, in three ways. The dashed square marks the part whose noise was read.",
    noViews: "This model looks at the picture of the face as it is; it has no further views to show.",
    view: {
      image: { title: "Image", words: "The face itself, at the size the model works with." },
      noise: { title: "Noise", words: "What is left when smooth colour is taken away: cameras, generators and editors leave different grain. Enhanced for the eye." },
      edge: { title: "Edges", words: "Where brightness changes: outlines, hair, and seams, if there are any. Enhanced for the eye." },
    },
    carriedTitle: "What carried the answer",
    carried: "Each part of the face was hidden in turn, and the answer computed anew without it (occlusion).",
    carriedLimits: "This tells where the answer comes from, not whether it is right. It cannot tell what the model noticed there, and misses what is spread over the whole face or shows in two places at once.",
    hiding: "Hiding one part after another",
    /** @param {number} done @param {number} all */
    hidden: (done, all) => `${done} of ${all} parts`,
    stop: "Stop",
    stopped: "Stopped.",
    start: "Start again",
    /** What the side of the answer is called in the next ones: "real" or "fake". @param {string} side */
    supports: (side) => `speaks for “${side}”`,
    neutral: "makes no difference",
    /** @param {string} side */
    opposes: (side) => `speaks against “${side}”`,
    /** @param {string} side @param {string} places */
    supportsStandOut: (side, places) => `What speaks for “${side}” most: ${places}. No part speaks strongly against it.`,
    /** @param {string} side @param {string} places */
    opposesStandOut: (side, places) => `No part speaks strongly for “${side}”. What speaks against it most: ${places}.`,
    /** @param {string} side @param {string} supports @param {string} opposes */
    bothStandOut: (side, supports, opposes) => `What speaks for “${side}” most: ${supports}. What speaks against it most: ${opposes}.`,
    /** @param {string} side */
    nothingStandsOut: (side) => `No single part decides for or against “${side}”: hiding any one of them hardly changes the answer. What speaks for it is spread over the face.`,
    /** @param {string} words */
    mapOf: (words) => `The face in grey, with coloured parts. ${words}`,
    /** Parts of a face as they lie on the picture, left being the viewer’s left. */
    place: {
      upperLeft: "upper left",
      upperMiddle: "upper middle",
      upperRight: "upper right",
      middleLeft: "middle left",
      middle: "the middle",
      middleRight: "middle right",
      lowerLeft: "lower left",
      lowerMiddle: "lower middle",
      lowerRight: "lower right",
    },
    numbers: "The numbers of this map",
    /** @param {string} side */
    numbersCaption: (side) => `What hiding each part takes from the log-odds of “${side}”. 0.69 halves the odds; a minus sign means that hiding the part makes “${side}” likelier.`,
    /** @param {number} number */
    column: (number) => `${number}`,
    /** @param {number} number */
    row: (number) => `Row ${number}`,

    cropTool: "Set the part by hand",
    cropToolNoFace: "Choose a part by hand",
    backToFaces: "Back to the found faces",
    backToFirst: "Back to the first answer",
    cropName: "Part of the picture to examine",
    cropRole: "movable square",
    cropHelp: "Drag the square or its corners, or drag anywhere else to draw a new one. On the keyboard: arrow keys move, plus and minus resize, Enter examines, Escape leaves.",
    cropAdvice: "Leave a little room round one upright face; the model was trained on such squares.",
    cropPreview: "Preview of the chosen part",
    cropLeft: "From the left",
    cropTop: "From the top",
    cropSide: "Side",
    /** @param {string} side @param {string} left @param {string} top */
    cropNow: (side, left, top) => `Side ${side} pixels, ${left} from the left, ${top} from the top`,
    cropTrace: "Examine this part",
    cropCancel: "Cancel",
    /** @param {string} side @param {string} left @param {string} top */
    byHand: (side, left, top) => `The part was set by hand: ${side} × ${side} pixels, ${left} from the left and ${top} from the top.`,
    asWhole: "The picture was examined as a whole.",

    /** @param {string} words */
    sentence: (words) => `${words}.`,
    /** @param {string} generator */
    closestKnown: (generator) => `Closest known generator: ${generator}`,

    /** @param {string | undefined} nearest a sentence */
    unknownMeaning: (nearest) => nearest ? `Like none of the generators it knows. ${nearest}` : "Like none of the generators it knows.",
    /** Where a level is open. @param {string} first @param {string} second */
    leaning: (first, second) => `Likeliest: ${first}, then ${second}`,

    reportTitle: "Save a report",
    reportHolds: "A report holds the name and SHA-256 of the picture, the answer with all numbers, the model and the settings. If you opened “Why this answer?”, it also shows the face as the model saw it.",
    reportPicture: "Include the picture itself",
    reportClaims: "Include what the file says of itself; that may name a place, a device or a person",
    reportHtml: "Save to read or print (HTML)",
    reportJson: "Save as data (JSON)",
    reportSaving: "Putting the report together",
    /** @param {string} name */
    reportSaved: (name) => `Saved as ${name}.`,
    /** @param {string} detail */
    reportFailed: (detail) => `The report could not be saved. (${detail})`,
    /** @param {string} name */
    reportOf: (name) => `Report on ${name}`,
    /** @param {string} date */
    reportMade: (date) => `Made on ${date}, on the device of the person who examined the picture. Nothing was sent.`,
    reportPictureFacts: "The picture",
    reportModelFacts: "The model",
    reportSettings: "Settings",
    reportName: "Name",
    reportSize: "Size",
    reportQuality: "JPEG quality (estimated)",
    reportVersion: "Version",
    reportHash: "SHA-256",
    reportBackend: "Computed on",
    reportPart: "Part of the picture",
    reportPartAuto: "the faces that were found",
    reportPartWhole: "the whole picture",
    reportPartHand: "set by hand",
    /** @param {string} side @param {string} left @param {string} top */
    reportSquare: (side, left, top) => `${side} × ${side} pixels, ${left} from the left and ${top} from the top`,
    reportFace: "Face",
    /** @param {string} width @param {string} height @param {string} left @param {string} top */
    reportBox: (width, height, left, top) => `${width} × ${height} pixels, ${left} from the left and ${top} from the top`,
    reportSeen: "Square that the model saw",
    reportScores: "All classes and their probabilities",
    reportClaimsTitle: "What the file says of itself",
    reportClaimsWarning: "Anybody can write such things into a file, or take them out. They took no part in the answer above.",
    reportNoClaims: "Nothing.",
    reportExif: "EXIF",
    reportText: "Text in the file",
    reportSourceType: "Digital source type (IPTC)",
    reportGenerator: "Image generator named in the file",
    reportCredentials: "Content credentials (C2PA; the signature was not checked)",
    reportAction: "Action",
    reportSigner: "Signer",
    reportFault: "Could not be read",
  },
};
