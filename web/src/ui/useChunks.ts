import { useRef, useState } from 'react';

export interface Progress { state: 'running' | 'stopped' | 'done' | 'failed'; done: number; total: number; error?: unknown }

// Sends `total` rows, `chunk` at a time. What is sent stays when it is stopped or a chunk is refused.
export function useChunks() {
  const [progress, setProgress] = useState<Progress>();
  const stopping = useRef(false);
  const start = async (total: number, chunk: number, send: (from: number) => Promise<void>) => {
    stopping.current = false;
    let done = 0;
    try {
      for (; done < total && !stopping.current; done = Math.min(total, done + chunk)) {
        setProgress({ state: 'running', done, total });
        await send(done);
      }
      setProgress({ state: done < total ? 'stopped' : 'done', done, total });
    } catch (error) {
      setProgress({ state: 'failed', done, total, error });
    }
  };
  return { progress, start, stop: () => { stopping.current = true; }, reset: () => setProgress(undefined) };
}
