/** Words that the text is searched for to find names of values that may be secrets; key-name.ts reads the names. */

const PLAIN =
  'password passwd passphrase passcode pwd pass secret token credential authorization bearer psk ' +
  'apikey accesskey privatekey encryptionkey signingkey masterkey accountkey sharedkey authkey licensekey appkey hmackey jwtkey sessionkey cookiekey ' +
  'connectionstring connection_string connection-string ' +
  // Names for passwords that do not have the word in them, and the word in other languages.
  'bind_pw bindpw -pw: _pw: pw= _pw= passwort kennwort wachtwoord mot_de_passe motdepasse contrasena senha heslo parola ' +
  'salasana losenord haslo lozinka community preshared pre_shared pre-shared storepass _pin -pin pin: pin= pin" ' +
  // Names for keys that do not have the word in them.
  'pepper unseal rcon _auth -auth auth: auth= auth" fernet signing erlang_cookie erlangcookie erlang-cookie ' +
  '_salt salt: salt= salt" salt\' mnemonic seed_phrase seedphrase seed-phrase seed: seed= recovery_phrase machinekey ' +
  // What is called a key of something; whether it is one is told by the value.
  '_key -key .key key: key= key~= key" key\' key` value: value~= value" value= validationkey decryptionkey live: live" creds _pat pat: pat=';

/**
 * Services whose name alone is the name of their key in many a configuration (`mapbox: sk.…`, `KLAVIYO=…`). Only a
 * value that nothing but a machine makes counts under them.
 */
export const SERVICES: ReadonlySet<string> = new Set(
  (
    'ably adyen airbrake airtable algolia amplitude anthropic apify appcenter appsflyer artifactory asana auth0 axiom ' +
    'backblaze bamboo beamer bitbucket bitly brevo browserstack bugsnag buildkite bunny calendly checkly checkout ' +
    'circleci clearbit clerk clickup cloudflare cloudinary codacy codecov cohere coinbase confluent contentful convertkit ' +
    'coralogix coveralls customerio cypress databricks datadog deepgram deepl deepseek digicert digitalocean discord ' +
    'docusign doppler drone dropbox dub duffel dynatrace easypost elevenlabs fastly figma firebase firecrawl flagsmith ' +
    'flutterwave flyio freshdesk freshservice front fullstory gemini geocodio ghost github gitlab gitguardian ' +
    'gocardless grafana groq growthbook gumroad harness hasura helpscout heroku hetzner honeybadger honeycomb hubspot ' +
    'huggingface hunter imgix infracost infura instatus intercom ipinfo ipstack jfrog jira jumpcloud kagi keen kickbox ' +
    'klaviyo langfuse langsmith launchdarkly lemonsqueezy linear linode liveblocks livekit lob logrocket logtail logzio ' +
    'loops mailchimp mailerlite mailgun mailjet mandrill mapbox maptiler maxmind meilisearch messagebird mistral mixpanel ' +
    'mollie moosend mux ngrok netlify newrelic notion nylas okta onesignal openai openrouter openweather openweathermap ' +
    'opsgenie optimizely paddle pagerduty pandadoc papertrail paypal perplexity persona pinecone pipedrive plaid ' +
    'planetscale plivo polygon posthog postman postmark prefect pushbullet pusher pushover qdrant quay quickbooks rapidapi ' +
    'razorpay recurly replicate resend retool rollbar rootly rudderstack samsara sanity scalingo scaleway scrapingbee ' +
    'segment semaphore sendbird sendgrid sendinblue sentry serper shippo shopify sinch slack smartsheet snyk sonarcloud ' +
    'sonarqube sourcegraph sparkpost splunk split square stackhawk stripe statuspage storyblok stytch supabase ' +
    'swarmia tailscale tavily telegram telnyx terraform tinybird todoist together trello twilio twitch typeform ' +
    'typesense ubidots unleash unsplash upstash vercel voyage vonage vultr wandb weaviate webflow weglot workos ' +
    'wistia woocommerce xero youtube zapier zendesk zenrows zerobounce zoho zoom zuora zuplo zyte'
  ).split(' '),
);

/** Lower-case words for the search (`~` is a blank), each with the number of its characters that belong to the name. */
export const GENERIC_WORDS: readonly { word: string; length: number }[] = [
  ...new Set([...PLAIN.split(' '), ...SERVICES]),
].map((word) => ({ word: word.replaceAll('~', ' '), length: nameLength(word) }));

function nameLength(word: string): number {
  let length = word.length;
  while (!/[a-z0-9]/.test(word[length - 1] as string)) length--;
  return length;
}
