'use strict'

function card (work) {
  const figure = document.createElement('figure')
  const image = document.createElement('img')
  image.src = `/ipfs/${work.cid}`
  image.alt = `${work.title} by ${work.artist}`
  const caption = document.createElement('figcaption')
  caption.textContent = image.alt
  figure.append(image, caption)
  return figure
}

async function show () {
  const place = document.getElementById('works')
  try {
    const answer = await fetch('/api/artworks?limit=24')
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
    place.replaceChildren(...(await answer.json()).map(card))
  } catch (error) {
    place.textContent = `The catalogue is not available (${error.message}).`
  }
}

show()
