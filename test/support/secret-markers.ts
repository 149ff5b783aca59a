import { randomBytes } from 'node:crypto';

/** Secrets that nothing else can look like, known by the place that each stands in. */
export type SecretMarkers = {
  /** The secret of a place, made at its first use: lower-case letters and digits. */
  of(place: string): string;
  /** Takes a secret that was made elsewhere. */
  add(place: string, secret: string): void;
  /** The places whose secrets a text holds, as they are or in base64. */
  within(text: string): readonly string[];
  readonly places: readonly string[];
};

/** Begins with no secrets. */
export function secretMarkers(): SecretMarkers {
  const secrets = new Map<string, string>();
  return {
    of(place) {
      const secret = secrets.get(place) ?? `mark${randomBytes(8).toString('hex')}`;
      secrets.set(place, secret);
      return secret;
    },
    add: (place, secret) => secrets.set(place, secret),
    within(text) {
      // Methods are sent in capitals.
      const lowerCase = text.toLowerCase();
      const isWithin = (secret: string) =>
        lowerCase.includes(secret.toLowerCase()) || base64Of(secret).some((form) => text.includes(form));
      return [...secrets].filter(([, secret]) => isWithin(secret)).map(([place]) => place);
    },
    get places() {
      return [...secrets.keys()];
    },
  };
}

// In base64 a text looks different at each of three places; its first and last characters mix with what is around.
function base64Of(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.from(' '.repeat(before) + secret);
    const whole = encoded.subarray(0, encoded.length - (encoded.length % 3));
    const text = whole.toString('base64').slice(before === 0 ? 0 : 4);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
