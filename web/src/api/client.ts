// The one way to the server. Types come from schema.ts, which the server's own description made.
import { languageNow, type Language } from '../lib/texts';
import { currentProject } from '../lib/links';
import { tellWindows } from './windows';
import { routes, type Error as ErrorBody, type Operations, type Status } from './schema';

export type Operation = keyof Operations;

// Where in what was sent a fault stands; the server's words begin with it.
export interface Place {
  where?: string; // the part of the request: "steps[1].where.op"
  line?: number; // of a text, from 1, as is the column
  column?: number;
}

// A refusal or failure, in the server's words.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: Record<Language, string>,
    readonly requestId: string,
    readonly place: Place = {},
    readonly values?: Record<string, string>, // what the words name; with them the Chinese words say all that the English do
  ) {
    super(words[languageNow()]);
  }
  // What is wrong, without the place.
  what(language: Language): string {
    const { where, line, column } = this.place;
    const begins = language === 'zh' ? `${where ? `${where}：` : ''}${line ? `第 ${line} 行第 ${column} 列：` : ''}` : `${where ? `${where}: ` : ''}${line ? `line ${line}, column ${column}: ` : ''}`;
    const words = this.words[language];
    const own = words.startsWith(begins) ? words.slice(begins.length) : words;
    return language === 'en' || this.values ? own : `${own} ${this.what('en')}`;
  }
  // All of it, in a language.
  told(language: Language): string {
    return language === 'en' || this.values || this.words.zh === this.words.en ? this.words[language] : `${this.words.zh} ${this.words.en}`;
  }
}

interface Options<Name extends Operation> {
  body?: Operations[Name]['request'];
  at?: Record<string, string>; // the places in braces of its path
  query?: Record<string, string | number>;
  background?: boolean; // what the page does by itself does not keep the session alive
  signal?: AbortSignal;
}

export async function call<Name extends Operation>(name: Name, options: Options<Name> = {}): Promise<Operations[Name]['response']> {
  return (await (await answerOf(name, options)).json()) as Operations[Name]['response'];
}

// What answers with a file.
export const callForFile = async <Name extends Operation>(name: Name, options: Options<Name> = {}): Promise<Blob> => (await answerOf(name, options)).blob();

async function answerOf<Name extends Operation>(name: Name, options: Options<Name>): Promise<Response> {
  const { method, path: pattern } = routes[name];
  const path = pattern.replace(/{(\w+)}/g, (_, place: string) => encodeURIComponent(options.at?.[place] ?? ''));
  const query = new URLSearchParams(Object.entries(options.query ?? {}).map(([key, value]) => [key, String(value)]));
  if (currentProject()) query.set('project', currentProject());
  const text = query.toString();
  let response: Response;
  try {
    response = await fetch(text ? `${path}?${text}` : path, {
      method,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      headers: { 'X-Waypost': options.background ? 'background' : 'console' },
      signal: options.signal,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem(0, 'offline', { zh: '连接不到服务器，请检查网络或服务是否在运行。', en: 'The server cannot be reached: check the network and whether it runs.' }, '');
  }
  if (!response.ok) throw await problemOf(response);
  if (method !== 'GET' && pattern.startsWith('/v1/session')) tellWindows();
  return response;
}

async function problemOf(response: Response): Promise<Problem> {
  const id = response.headers.get('X-Request-Id') ?? '';
  try {
    const said = (await response.json()) as ErrorBody | Status;
    if ('reasons' in said) return new Problem(response.status, 'not_ready', { zh: '服务暂时不可用。', en: 'The server is not ready.' }, id, { where: said.reasons?.join(' ') });
    const { error } = said as ErrorBody;
    return new Problem(response.status, error.code, { zh: error.message_zh, en: error.message }, error.request_id, { where: error.where, line: error.line, column: error.column }, error.values);
  } catch {
    return new Problem(response.status, 'unreadable', { zh: '服务器的回答无法读取，请稍后重试。', en: 'The answer of the server cannot be read: try again later.' }, id);
  }
}
