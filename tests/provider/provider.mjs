// The County's identity provider as the tests run it: a real OpenID Connect provider on loopback, with a sign-in form of one field.
// node provider.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI…   prints "ready" when it answers.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, clientId, clientSecret, ...backs] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: backs, response_types: ["code"] }],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({ clientId, accountId: context.oidc.session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
  cookies: { keys: ["loopback only"] },
});

const page = (uid) => `<!DOCTYPE html><html lang="en"><head><title>County sign-in</title></head><body><main><h1>County sign-in</h1>
<form method="post" action="/interaction/${uid}"><label>County number <input name="who"></label><button>Continue</button></form>
<form method="post" action="/interaction/${uid}"><button name="refuse" value="1">Cancel</button></form></main></body></html>`;

const formOf = async (request) => {
  let body = "";
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
};

const interaction = async (request, response) => {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html");
    response.end(page(uid));
    return;
  }
  const form = await formOf(request);
  const result = form.get("refuse") ? { error: "access_denied" } : { login: { accountId: form.get("who"), amr: form.get("who").startsWith("mfa") ? ["mfa"] : ["pwd"] } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
};

const others = provider.callback();
const answer = (request, response) => {
  if (request.url.startsWith("/interaction/")) return interaction(request, response);
  if (request.url === "/favicon.ico") return response.writeHead(204).end();
  return others(request, response);
};
createServer(answer)
  .listen(Number(port), "127.0.0.1", () => console.log("ready"));
