// What the server found wrong in a question, and where: "steps[1].where[0].op".
export interface Fault {
  where: string;
  what: string;
}

// The fault is in this part of the question or inside it.
export function isIn(fault: Fault | undefined, part: string): boolean {
  return fault !== undefined && (fault.where === part || fault.where.startsWith(`${part}.`) || fault.where.startsWith(`${part}[`));
}
