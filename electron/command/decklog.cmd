@echo off
"%~dp0node.exe" "%~dp0core\cli\decklog.mjs" %*
