// Starts Firefox on the built page, over WebDriver BiDi.

import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { dist, PATIENCE } from "./browser.mjs";
import { serve } from "./server.mjs";

export const firefox = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"].find(
  (path) => path && existsSync(path),
);

/** A reason to skip, or false. Where everything is meant to be tested, a missing browser is a failure. */
export const skip = !firefox && !process.env.CI ? "no Firefox here: install firefox-esr, or set FIREFOX to where it is" : false;

/** Its own calls home are off; and whatever is left goes to a proxy that is not there. */
const QUIET = {
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.proxy.no_proxies_on": "127.0.0.1",
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.trr.mode": 5,
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
  "toolkit.telemetry.enabled": false,
  "intl.accept_languages": "en-GB, en",
};

/** @param {Record<string, string | number | boolean>} [preferences] more of them */
export async function openFirefox(preferences = {}) {
  if (!firefox) throw new Error("no Firefox: install firefox-esr, or set FIREFOX to where it is");
  const server = await serve(dist);
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true, extraPrefsFirefox: { ...QUIET, ...preferences }, protocolTimeout: PATIENCE });
  return {
    server,
    browser,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
