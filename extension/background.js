// What must run without a page: the menu, and fetching for the panel, whose own policy lets it reach nothing. It keeps no state,
// so that the browser may stop it at any moment.

import { api, giveToPanel } from "./api.js";
import { fetchPicture } from "./fetch-picture.js";

const MENU = "trace";

api.runtime.onInstalled.addListener(() => {
  api.contextMenus.removeAll(() => {
    // Not on pictures alone: canvases, backgrounds and layers over a picture have no context of their own.
    api.contextMenus.create({
      id: MENU,
      title: api.i18n.getMessage("trace"),
      contexts: ["page", "frame", "selection", "link", "editable", "image", "video"],
    });
  });
});

api.contextMenus.onClicked.addListener((info, tab) => {
  if (info.menuItemId !== MENU || tab?.id === undefined) return;
  const { id, title = "", incognito } = tab;
  giveToPanel({ kind: "menu", tab: id, frame: info.frameId ?? 0, source: info.srcUrl ?? null, title, incognito });
});

api.runtime.onMessage.addListener((message, _sender, reply) => {
  if (message?.type !== "fetch") return false;
  fetchPicture(message.url).then(reply, () => reply({ error: "unreachable" }));
  return true; // the reply comes later
});
