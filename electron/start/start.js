// The page without a case. Names of files are shown as text, whatever they hold.
const start = globalThis.decklogStart;
const byId = (id) => document.getElementById(id);

async function act(deed) {
  byId('fault').textContent = '';
  const answer = await deed();
  if (!answer.ok) byId('fault').textContent = [answer.fault.message, answer.fault.hint].filter(Boolean).join(' ');
}

byId('new').addEventListener('click', () => act(() => start.newCase()));
byId('open').addEventListener('click', () => act(() => start.openCase()));

// Anywhere on the page: a person who drops evidence aims at the window.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const files = [...event.dataTransfer.files];
  if (files.length > 0) act(() => start.newCase(...files));
});

start.recent().then((cases) => {
  byId('none').hidden = cases.length > 0;
  cases.forEach(({ name, folder }, index) => {
    const button = document.createElement('button');
    const place = document.createElement('small');
    button.type = 'button';
    button.textContent = name;
    place.textContent = folder;
    button.append(place);
    button.addEventListener('click', () => act(() => start.openRecent(index)));
    const item = document.createElement('li');
    item.append(button);
    byId('recent').append(item);
  });
});
