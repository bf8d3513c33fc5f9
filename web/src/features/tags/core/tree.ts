// Categories are paths, each with how many tags stand at it. As a tree, a branch counts all below it.
export interface Branch {
  path: string; // "客户价值/资产"
  name: string; // "资产"
  name_en?: string;
  count: number;
  below: Branch[];
}

export function treeOf(categories: { name: string; count: number; name_en?: string }[]): Branch[] {
  const roots: Branch[] = [];
  for (const { name: path, count, name_en: en } of categories) {
    let among = roots;
    path.split('/').forEach((name, depth, names) => {
      let branch = among.find((one) => one.name === name);
      if (!branch) {
        branch = { path: names.slice(0, depth + 1).join('/'), name, count: 0, below: [] };
        among.push(branch);
      }
      branch.count += count;
      if (en && depth === names.length - 1) branch.name_en = en;
      among = branch.below;
    });
  }
  return roots;
}
