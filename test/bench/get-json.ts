/** What a URL answers, as JSON of the shape that is asked for. */
export async function getJson<Shape>(url: string): Promise<Shape> {
  const response = await fetch(url);
  return JSON.parse(await response.text());
}
