import { useState } from 'react';
import { Select } from 'antd';
import { fit } from '../lib/match';

interface Props {
  'aria-label'?: string;
  id?: string;
  width?: number | string;
  disabled?: boolean;
  allowClear?: boolean;
  placeholder?: string;
  value?: string;
  usual: readonly string[];
  nameOf: (value: string) => string;
  onChange?: (value: string | undefined) => void;
}

const kName = /^\w[\w.-]{0,63}$/;

// One of the usual names, as people call them, or another that is typed.
export function OpenSelect({ width = 140, usual, nameOf, value, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState('');
  const known = [...new Set([...usual, ...(value ? [value] : [])])];
  const values = kName.test(typed) && !known.includes(typed) ? [...known, typed] : known;
  return (
    <Select<string> {...rest} style={{ width }} popupMatchSelectWidth={false} value={value || undefined} onChange={onChange} options={values.map((one) => ({ value: one, label: nameOf(one) }))}
      showSearch={{ onSearch: setTyped, filterOption: (text, option) => fit(text, [String(option?.value), String(option?.label)]) > 0 }} />
  );
}
