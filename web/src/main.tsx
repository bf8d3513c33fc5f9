document.getElementById('root')!.textContent = 'Waypost';
