"use strict"; module.exports = () => { throw new Error("electron-webrtc is not part of this image") }
