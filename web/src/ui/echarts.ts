// The parts of ECharts that the console draws with.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { use as install } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

install([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent, CanvasRenderer]);

export { init, type EChartsCoreOption, type ECharts } from 'echarts/core';
