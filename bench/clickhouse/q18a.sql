-- A rule of five flags; by bitmaps, which is twice as fast here as over the columns.
SELECT bitmapCardinality(bitmapOr(
  bitmapAndnot(bitmapAnd((SELECT groupBitmapMergeState(who) FROM tagb WHERE tag = 1), (SELECT groupBitmapMergeState(who) FROM tagb WHERE tag = 2)), (SELECT groupBitmapMergeState(who) FROM tagb WHERE tag = 3)),
  bitmapAnd((SELECT groupBitmapMergeState(who) FROM tagb WHERE tag = 4), (SELECT groupBitmapMergeState(who) FROM tagb WHERE tag = 5))))
