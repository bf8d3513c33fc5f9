import { OpenSelect } from './OpenSelect';
import { kUsualKinds, useKindName } from './useKindName';

// A kind of identity.
export function KindSelect(props: { value?: string; onChange?: (key: string | undefined) => void; 'aria-label'?: string; id?: string; width?: number | string; allowClear?: boolean; placeholder?: string }) {
  return <OpenSelect usual={kUsualKinds} nameOf={useKindName()} {...props} />;
}
