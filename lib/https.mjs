// HTTPS by the console itself: Next's own server gets a listener that speaks TLS instead of a plain one, so that nothing
// stands between it and whoever asks, and no header has to be believed about them.
import { readFileSync, watchFile } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';

const LOOKED_AT_EVERY_MS = 2_000;
/** Set once Next has taken the listener: without it the server would not start (lib/server/start.ts). */
const LISTENS = Symbol.for('redrive.https');

/** The next server that is created speaks TLS. Throws an Error that names the variable when the files are of no use. */
export function listenWithTls({ certFile, keyFile }) {
  const options = read(certFile, keyFile);
  const plain = http.createServer;
  http.createServer = (listener) => {
    http.createServer = plain;
    const server = https.createServer(options, listener);
    // Certificates are renewed every few weeks: no restart, and no jobs to wait for.
    const renew = () => {
      try {
        server.setSecureContext(read(certFile, keyFile));
        say(30, 'certificate renewed');
      } catch (error) {
        say(40, `the certificate in use goes on: ${error.message}`);
      }
    };
    for (const file of [certFile, keyFile]) watchFile(file, { interval: LOOKED_AT_EVERY_MS, persistent: false }, renew);
    globalThis[LISTENS] = true;
    return server;
  };
}

function read(certFile, keyFile) {
  const options = {
    cert: readOne('REDRIVE_HTTPS_CERT', certFile),
    key: readOne('REDRIVE_HTTPS_KEY', keyFile),
    minVersion: 'TLSv1.2',
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(
      `REDRIVE_HTTPS_CERT and REDRIVE_HTTPS_KEY cannot be used together (${error.code ?? error.message}): they have to be PEM files, the key without a passphrase and of this certificate.`,
    );
  }
  return options;
}

function readOne(name, file) {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${name}: ${file} cannot be read (${error.code}).`);
  }
}

/** As the server's own log, which is not there yet. */
const say = (level, msg) => console.log(JSON.stringify({ level, time: new Date().toISOString(), msg }));
