import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, callForFile } from '../../api/client';
import { key } from '../../api/queries';
import type { List, SegmentChange, SegmentDownload, SegmentExport } from '../../api/schema';

export const useSegment = (id: string | undefined) =>
  useQuery({ queryKey: key('segments', id), queryFn: () => call('showSegment', { at: { id: id ?? '' } }), enabled: id !== undefined });
// Of the newest run when none is given, which who is bounded is not told the number of.
export const useMembers = (id: string, run: number | undefined, wanted: boolean, limit: number) =>
  useQuery({ queryKey: key('members', id, run, limit), queryFn: () => call('showMembers', { at: { id }, query: run ? { run, limit } : { limit } }), enabled: wanted, placeholderData: keepPreviousData, retry: false });

export const useOverlap = (segments: string[]) =>
  useQuery({ queryKey: key('overlap', segments), queryFn: () => call('overlapSegments', { body: { segments } }), enabled: segments.length > 1, placeholderData: keepPreviousData });

// Changes; each makes what it touched be read again.
function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => Promise.all(['segments', 'lists', 'members', 'overlap'].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
}

// Keeps the rule and evaluates it, so that the segment has members.
export const useSaveSegment = () =>
  useChange(async ({ id, isNew, ...fields }: SegmentChange & { id: string; isNew: boolean }) => {
    await (isNew ? call('createSegment', { body: { id, ...fields } }) : call('changeSegment', { at: { id }, body: fields }));
    return call('runSegment', { at: { id } });
  });
export const useRunSegment = () => useChange((id: string) => call('runSegment', { at: { id } }));
// The page of what is gone is left, not read again.
export function useRemoveSegment() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => call('removeSegment', { at: { id } }), onSuccess: () => client.invalidateQueries({ queryKey: key('segments'), exact: true }) });
}
export const useExportSegment = () => useChange(({ id, ...body }: SegmentExport & { id: string }) => call('exportSegment', { at: { id }, body }));
export const useDownloadSegment = () => useMutation({ mutationFn: ({ id, ...body }: SegmentDownload & { id: string }) => callForFile('downloadSegment', { at: { id }, body }) });
export const useUploadList = () => useChange((list: List) => call('uploadList', { body: list }));
