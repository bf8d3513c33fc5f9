// Where in a question the server found something wrong: "steps[1].where[0].op: ... use one of ...".
export interface Fault {
  path: string;
  what: string; // in the server's words, which are English
  zh?: string; // the same in Chinese
}

export function faultOf(message: string): Fault | undefined {
  const match = /^([a-z_]+(?:\[\d+\]|\.[a-z_]+)*): (.+)$/s.exec(message);
  return match ? { path: match[1]!, what: match[2]! } : undefined;
}

// The fault is in this part of the question or inside it.
export function isIn(fault: Fault | undefined, part: string): boolean {
  return fault !== undefined && (fault.path === part || fault.path.startsWith(`${part}.`) || fault.path.startsWith(`${part}[`));
}
