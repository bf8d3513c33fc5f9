import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('tables', {
  title: '数据表', note: '实体（产品、网点、员工……）和客户明细（持仓、订单、贷款……）。规则可以用到它们，客户页会列出明细。', find: '按名称查找', noMatch: '没有数据表符合“{{typed}}”。', empty: '还没有数据表。新建一张，再上传数据。',
  newTable: '新建数据表', name: '名称', id: '编号', kind: '类型', columns: '字段', rows: '行数', refers: '关联到', owner_nobody: '实体', owner_customer: '客户明细', owner_through: '经由 {{table}} 的明细', all: '全部', things: '实体', details: '明细',
  zh: '中文名', en: '英文名', owner: '属于谁', ownerHint: '实体有自己的主键；明细的每一行属于客户。', own_nobody: '不属于客户（实体）', own_customer: '客户的明细', own_through: '经由另一张表属于客户', through: '经由', by: '按字段', key: '主键', keyHint: '相同主键的行再次到来时会替换旧行；没有主键的表由来源命名每一行。',
  column: '字段', type: '数据类型', class: '数据分级', addColumn: '添加字段', removeColumn: '移除字段', noRefers: '不关联', idNeeded: '1 到 64 个字母、数字、_ 或 -，以字母开头', nameNeeded: '请填写字段名', typesStay: '表中已有数据：主键、归属和字段类型不能再改，可以改名、改分级、增加字段。',
  type_string: '文本', type_int: '整数', type_decimal: '金额（精确小数）', type_double: '小数', type_date: '日期', type_datetime: '时间', type_bool: '是 / 否', type_list: '列表',
  save: '保存', cancel: '取消', saved: '已保存“{{name}}”', edit: '修改定义', remove: '删除', removeTitle: '删除“{{name}}”？', removeBody: '{{count}} 行数据会一起删除，无法恢复。', removed: '已删除“{{name}}”', more: '更多操作',
  tab_rows: '数据', tab_columns: '字段', tab_lineage: '血缘', noRows: '还没有数据。上传一个 CSV 文件，或用 waypost import 导入大文件。', mayNotSee: '您可以查看定义，但没有查看数据的权限。', isKey: '主键',
  uses: '引用的表', usedBy: '引用它的表', segments: '用到它的客群', tags: '用到它的标签', none: '无', attributes: '客户属性中的关联',
  upload: '上传数据', uploadTitle: '上传到“{{name}}”', fileHint: '第一行是列名，UTF-8 编码；逗号、分号或制表符分隔都可以。', mapping: '列与字段', notUsed: '不导入', whose: '属于哪位客户', identityKey: '标识类型', identityColumn: '取自列',
  lacksKey: '还缺主键字段：{{names}}', lacksIdentity: '请选择用哪一列找到客户', start: '开始导入', failedAt: '第 {{line}} 行有问题；之前的 {{count}} 行已导入，修正后可以重新上传整个文件，不会重复。', 
}, {
  title: 'Tables', note: 'Things (products, branches, employees, ...) and details of customers (holdings, orders, loans, ...). Rules ask about both, and a customer’s page lists the details.', find: 'Find by name', noMatch: 'No table fits “{{typed}}”.', empty: 'No tables yet. Make one and upload its rows.',
  newTable: 'New table', name: 'Name', id: 'Id', kind: 'Kind', columns: 'Columns', rows: 'Rows', refers: 'Refers to', owner_nobody: 'Things', owner_customer: 'Details of customers', owner_through: 'Details through {{table}}', all: 'All', things: 'Things', details: 'Details',
  zh: 'Chinese name', en: 'English name', owner: 'Belongs to', ownerHint: 'A thing has a key of its own; each row of details is a customer’s.', own_nobody: 'Nobody (things)', own_customer: 'Customers (details)', own_through: 'Customers, through another table', through: 'Through', by: 'By column', key: 'Key', keyHint: 'A row that comes again under its key takes its place; without a key, whoever sends a row names it.',
  column: 'Column', type: 'Type', class: 'Data class', addColumn: 'Add a column', removeColumn: 'Remove the column', noRefers: 'Nothing', idNeeded: '1 to 64 letters, digits, _ or -, a letter first', nameNeeded: 'Name the column', typesStay: 'There are rows: key, owner and types stay. Names, classes and more columns may change.',
  type_string: 'Text', type_int: 'Whole number', type_decimal: 'Exact decimal (money)', type_double: 'Number', type_date: 'Date', type_datetime: 'Time', type_bool: 'Yes / no', type_list: 'List',
  save: 'Save', cancel: 'Cancel', saved: '“{{name}}” is saved', edit: 'Edit', remove: 'Delete', removeTitle: 'Delete “{{name}}”?', removeBody: 'Its {{count}} rows go with it, for good.', removed: '“{{name}}” is deleted', more: 'More',
  tab_rows: 'Rows', tab_columns: 'Columns', tab_lineage: 'Lineage', noRows: 'No rows yet. Upload a CSV file, or load a large one with waypost import.', mayNotSee: 'You may see the declaration, but have no right to see the rows.', isKey: 'key',
  uses: 'Refers to', usedBy: 'Tables that refer to it', segments: 'Segments that use it', tags: 'Tags that use it', none: 'None', attributes: 'Attributes of customers that name it',
  upload: 'Upload rows', uploadTitle: 'Upload to “{{name}}”', fileHint: 'Names of columns in the first line, UTF-8; commas, semicolons or tabs between.', mapping: 'Which column is which', notUsed: 'Leave out', whose: 'Whose rows they are', identityKey: 'Kind of identity', identityColumn: 'From the column',
  lacksKey: 'Columns of the key are missing: {{names}}', lacksIdentity: 'Choose the column that says whose a row is', start: 'Upload', failedAt: 'Line {{line}} is wrong; the {{count}} rows before are in. Mend it and upload the whole file again: nothing doubles.', 
});
