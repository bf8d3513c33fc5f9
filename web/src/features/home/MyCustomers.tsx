import { Link } from 'react-router-dom';
import { useFound, useMay } from '../../api/queries';
import { customerLink } from '../../lib/links';
import { useTexts } from '../../lib/texts';
import { useKindName } from '../../ui/useKindName';
import { Panel } from './Panel';
import { texts } from './texts';

const kShown = 10;

// For who works with customers and asks no questions about all of them.
export function MyCustomers() {
  const may = useMay();
  return may('customers.view') && !may('questions.view') ? <Customers /> : null;
}

function Customers() {
  const t = useTexts(texts);
  const kind = useKindName();
  const found = useFound('').data?.items ?? [];
  if (found.length === 0) return null;
  return (
    <Panel title={t('myCustomers')} to="/customers">
      <ul className="steps">
        {found.slice(0, kShown).map(({ known_by: { key, value }, name }) => (
          <li key={`${key} ${value}`}><span className="grow"><Link to={customerLink(`${key}:${value}`)}>{name ?? value}</Link></span><span className="quiet">{kind(key)} <span className="code">{value}</span></span></li>
        ))}
      </ul>
    </Panel>
  );
}
