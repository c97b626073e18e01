// Signs and judges what comes in, one request a line, with the provider's own helper for Node.
const [folder] = process.argv.slice(2);
const helper = require(`${folder}/twilio/lib/webhooks/webhooks.js`);

let text = "";
process.stdin.on("data", (part) => { text += part; });
process.stdin.on("end", () => {
  for (const line of text.split("\n").filter(Boolean)) {
    const { token, url, fields, body, signature } = JSON.parse(line);
    const valid = body === null
      ? helper.validateRequest(token, signature, url, fields)
      : helper.validateRequestWithBody(token, signature, url, body);
    console.log(JSON.stringify({ signature: helper.getExpectedTwilioSignature(token, url, body === null ? fields : {}), valid }));
  }
});
