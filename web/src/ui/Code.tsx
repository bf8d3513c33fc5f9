import { Typography } from 'antd';

// A text to copy and paste.
export function Code({ text }: { text: string }) {
  return (
    <div className="snippet">
      <pre tabIndex={0}>{text}</pre>
      <Typography.Text copyable={{ text }} />
    </div>
  );
}
