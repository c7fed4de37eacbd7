// Keys for people who live in the list: j and k move, enter opens, / searches. The page works without.
const rows = [...document.querySelectorAll('tr[data-href]')];
const search = document.querySelector('input[type=search]');

function move(by) {
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea')) return;
  if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === '/' && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Enter' && document.activeElement?.dataset.href) {
    location.href = document.activeElement.dataset.href;
  }
});
