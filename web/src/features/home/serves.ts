import { useMay } from '../../api/queries';

// Whether the person works with customers, and asks no questions about all of them.
export function useServes(): boolean {
  const may = useMay();
  return may('customers.view') && !may('questions.view');
}
