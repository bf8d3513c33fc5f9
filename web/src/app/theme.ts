import type { ThemeConfig } from 'antd';
import { palette } from '../ui/palette';

export const theme: ThemeConfig = {
  token: {
    colorPrimary: palette.primary, colorSuccess: palette.success, colorWarning: palette.warning, colorError: palette.danger,
    colorSuccessBg: palette.successSoft, colorSuccessBorder: palette.successLine, colorWarningBg: palette.warningSoft, colorWarningBorder: palette.warningLine, colorErrorBg: palette.dangerSoft, colorErrorBorder: palette.dangerLine,
    colorText: palette.text, colorTextSecondary: palette.quiet, colorTextDescription: palette.quiet, colorBgLayout: palette.ground,
    colorBorderSecondary: palette.line, colorLink: palette.primary, colorTextPlaceholder: palette.quiet, borderRadius: 6, controlHeight: 32, fontSize: 13, fontSizeSM: 12, wireframe: false,
    motion: !globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches,
    fontFamily: 'Inter, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "WenQuanYi Zen Hei", sans-serif',
  },
  components: {
    Table: { cellPaddingBlockMD: 8, cellPaddingBlockSM: 6, headerBg: '#fafbfc', headerColor: palette.quiet, headerSplitColor: 'transparent', rowHoverBg: '#f4f7ff', bodySortBg: 'transparent', headerSortActiveBg: '#fafbfc', headerSortHoverBg: '#f4f7ff' },
    Menu: { itemHeight: 30, itemMarginInline: 8, itemMarginBlock: 2, itemSelectedBg: '#eff4ff', subMenuItemBg: 'transparent', groupTitleFontSize: 12 },
    Layout: { headerHeight: 48, headerBg: palette.surface, siderBg: palette.surface, headerPadding: '0 16px' },
  },
};
