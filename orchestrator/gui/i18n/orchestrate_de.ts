<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>CloserPanel</name>
    <message>
        <source>Measurement</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Adds (ADU)</source>
        <translation>Beitrag (ADU)</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Verworfen</translation>
    </message>
    <message>
        <source>There is no star at this place.</source>
        <translation>An dieser Stelle ist kein Stern.</translation>
    </message>
    <message>
        <source>Place (column, row)</source>
        <translation>Stelle (Spalte, Zeile)</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>Koordinaten</translation>
    </message>
    <message>
        <source>FWHM</source>
        <translation>FWHM</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>Rundheit</translation>
    </message>
    <message>
        <source>Flux (ADU)</source>
        <translation>Fluss (ADU)</translation>
    </message>
    <message>
        <source>Brightest pixel (ADU)</source>
        <translation>Hellstes Pixel (ADU)</translation>
    </message>
    <message>
        <source>Saturated</source>
        <translation>Gesättigt</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>Signal-to-noise</source>
        <translation>Signal-Rausch-Verhältnis</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>Rejected there</source>
        <translation>Dort verworfen</translation>
    </message>
    <message>
        <source>Working: {0} …</source>
        <translation>In Arbeit: {0} …</translation>
    </message>
    <message>
        <source>Dark blue {0}, yellow {1} {2}</source>
        <translation>Dunkelblau {0}, gelb {1} {2}</translation>
    </message>
    <message>
        <source>Measuring …</source>
        <translation>Wird gemessen …</translation>
    </message>
    <message>
        <source>the star</source>
        <translation>der Stern</translation>
    </message>
    <message>
        <source>the frames, ranked by what they add</source>
        <translation>die Aufnahmen, nach ihrem Beitrag geordnet</translation>
    </message>
    <message>
        <source>none</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>frames at each place</source>
        <translation>Aufnahmen an jeder Stelle</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>rejected frames</source>
        <translation>verworfene Aufnahmen</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>background subtracted</source>
        <translation>abgezogener Hintergrund</translation>
    </message>
    <message>
        <source>stack minus plain mean</source>
        <translation>Stack minus einfaches Mittel</translation>
    </message>
    <message>
        <source>A c&amp;lick shows:</source>
        <translation>Ein K&amp;lick zeigt:</translation>
    </message>
    <message>
        <source>&amp;Map:</source>
        <translation>Ka&amp;rte:</translation>
    </message>
    <message>
        <source>Gri&amp;d and objects</source>
        <translation>&amp;Netz und Objekte</translation>
    </message>
    <message>
        <source>Right ascension, declination and names of objects; needs a plate solution</source>
        <translation>Rektaszension, Deklination und Namen der Objekte; braucht eine astrometrische Lösung</translation>
    </message>
    <message>
        <source>E&amp;xclude here</source>
        <translation>Hier &amp;ausschließen</translation>
    </message>
    <message>
        <source>Exclude the selected frames from the tiles at this place; only these are stacked again</source>
        <translation>Die gewählten Aufnahmen aus den Kacheln an dieser Stelle ausschließen; nur diese werden neu gestackt</translation>
    </message>
    <message>
        <source>Exclude every&amp;where</source>
        <translation>&amp;Überall ausschließen</translation>
    </message>
    <message>
        <source>Include a&amp;gain</source>
        <translation>Wieder a&amp;ufnehmen</translation>
    </message>
    <message>
        <source>Repeat for the finished stack:</source>
        <translation>Für den fertigen Stack wiederholen:</translation>
    </message>
    <message>
        <source>Astr&amp;ometry</source>
        <translation>Astr&amp;ometrie</translation>
    </message>
    <message>
        <source>C&amp;olours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>Sto&amp;pp</translation>
    </message>
    <message>
        <source>What is at the place that was clicked</source>
        <translation>Was an der angeklickten Stelle ist</translation>
    </message>
    <message>
        <source>Colours of the map</source>
        <translation>Farben der Karte</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop a folder of raw frames here</source>
        <translation>Hier einen Ordner mit Rohbildern ablegen</translation>
    </message>
    <message>
        <source>Drop more nights here</source>
        <translation>Hier weitere Nächte ablegen</translation>
    </message>
    <message>
        <source>A night with its lights, darks, flats and biases, or a folder of nights. Files are sorted by their headers and folder names; raw files are never changed.</source>
        <translation>Eine Nacht mit Lights, Darks, Flats und Biases, oder ein Ordner mit Nächten. Die Dateien werden nach Headern und Ordnernamen sortiert; Rohdateien werden nie verändert.</translation>
    </message>
    <message>
        <source>&amp;Open folder …</source>
        <translation>&amp;Ordner öffnen …</translation>
    </message>
    <message>
        <source>Open pro&amp;ject …</source>
        <translation>Pro&amp;jekt öffnen …</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>Show the nights</source>
        <translation>Nächte zeigen</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>Einstellungen zeigen</translation>
    </message>
    <message>
        <source>Use the native engine</source>
        <translation>Die eigene Engine verwenden</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Ergebnis zeigen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
</context>
<context>
    <name>FoundRow</name>
    <message>
        <source>Use these darks …</source>
        <translation>Diese Darks verwenden …</translation>
    </message>
    <message>
        <source>Use these flats …</source>
        <translation>Diese Flats verwenden …</translation>
    </message>
    <message>
        <source>Leave this night out</source>
        <translation>Diese Nacht auslassen</translation>
    </message>
    <message>
        <source>Choose the object</source>
        <translation>Objekt auswählen</translation>
    </message>
    <message>
        <source>Add this night</source>
        <translation>Diese Nacht hinzufügen</translation>
    </message>
    <message>
        <source>Stack them anyway</source>
        <translation>Trotzdem stacken</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>Einstellungen zeigen</translation>
    </message>
    <message>
        <source>Use all filters</source>
        <translation>Alle Filter verwenden</translation>
    </message>
    <message numerus="yes">
        <source>{0}: %n light(s)</source>
        <translation>
            <numerusform>{0}: %n Light</numerusform>
            <numerusform>{0}: %n Lights</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FramePlot</name>
    <message numerus="yes">
        <source>%n frame(s), median FWHM {0} px, last {1} px</source>
        <translation>
            <numerusform>%n Bild, mittlere FWHM {0} px, zuletzt {1} px</numerusform>
            <numerusform>%n Bilder, mittlere FWHM {0} px, zuletzt {1} px</numerusform>
        </translation>
    </message>
    <message>
        <source>No frame has been measured yet</source>
        <translation>Noch kein Bild gemessen</translation>
    </message>
    <message>
        <source>frame {0} of {1}</source>
        <translation>Bild {0} von {1}</translation>
    </message>
    <message>
        <source>Score (% of the best frame)</source>
        <translation>Bewertung (% des besten Bildes)</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Score and FWHM of the frames</source>
        <translation>Bewertung und FWHM der Bilder</translation>
    </message>
</context>
<context>
    <name>FramePlots</name>
    <message>
        <source>No light has been measured yet.</source>
        <translation>Noch ist kein Light vermessen.</translation>
    </message>
</context>
<context>
    <name>FrameWords</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Nacht</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Score (%)</source>
        <translation>Wertung (%)</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>Sterne</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>Rundheit</translation>
    </message>
    <message>
        <source>Sky (ADU)</source>
        <translation>Himmel (ADU)</translation>
    </message>
    <message>
        <source>Noise (ADU)</source>
        <translation>Rauschen (ADU)</translation>
    </message>
    <message>
        <source>Transparency (%)</source>
        <translation>Transparenz (%)</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <source>Exposure (s)</source>
        <translation>Belichtung (s)</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Gain</translation>
    </message>
    <message>
        <source>Temp. (°C)</source>
        <translation>Temp. (°C)</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Zeit (UTC)</translation>
    </message>
    <message>
        <source>light</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>flat</source>
        <translation>Flat</translation>
    </message>
    <message>
        <source>bias</source>
        <translation>Bias</translation>
    </message>
    <message>
        <source>dark-flat</source>
        <translation>Dark-Flat</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>nicht verwendet</translation>
    </message>
    <message>
        <source>Clouds or haze: {0} % of the star light.</source>
        <translation>Wolken oder Dunst: {0} % des Sternlichts.</translation>
    </message>
    <message>
        <source>Blurred stars: FWHM {0} px, usually {1}.</source>
        <translation>Unscharfe Sterne: FWHM {0} px, sonst {1}.</translation>
    </message>
    <message>
        <source>Elongated stars: roundness {0}, usually {1}.</source>
        <translation>Längliche Sterne: Rundheit {0}, sonst {1}.</translation>
    </message>
    <message>
        <source>Few stars: {0}, usually {1}.</source>
        <translation>Wenige Sterne: {0}, sonst {1}.</translation>
    </message>
    <message>
        <source>Bright sky: {0} ADU, usually {1}.</source>
        <translation>Heller Himmel: {0} ADU, sonst {1}.</translation>
    </message>
    <message>
        <source>More noise: {0} ADU, usually {1}.</source>
        <translation>Mehr Rauschen: {0} ADU, sonst {1}.</translation>
    </message>
</context>
<context>
    <name>FramesPage</name>
    <message>
        <source>FWHM {0} px, {1} stars</source>
        <translation>FWHM {0} px, {1} Sterne</translation>
    </message>
    <message>
        <source>Ni&amp;ght:</source>
        <translation>Na&amp;cht:</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>A&amp;rt:</translation>
    </message>
    <message>
        <source>Scan &amp;again</source>
        <translation>Neu einl&amp;esen</translation>
    </message>
    <message>
        <source>Accept (A)</source>
        <translation>Annehmen (A)</translation>
    </message>
    <message>
        <source>Reject (X)</source>
        <translation>Ablehnen (X)</translation>
    </message>
    <message>
        <source>Undo (U)</source>
        <translation>Rückgängig (U)</translation>
    </message>
    <message>
        <source>Select with re&amp;marks</source>
        <translation>Mit Be&amp;merkungen auswählen</translation>
    </message>
    <message>
        <source>Show the selected frames, or all, one after another (Ctrl+B)</source>
        <translation>Die ausgewählten Bilder, oder alle, nacheinander zeigen (Strg+B)</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Image of the frame</source>
        <translation>Ansicht des Bildes</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>S&amp;topp</translation>
    </message>
    <message numerus="yes">
        <source>%n light(s), {0} excluded, {1} with remarks</source>
        <translation>
            <numerusform>%n Light, {0} ausgeschlossen, {1} mit Bemerkungen</numerusform>
            <numerusform>%n Lights, {0} ausgeschlossen, {1} mit Bemerkungen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Blink</source>
        <translation>&amp;Blinken</translation>
    </message>
    <message>
        <source>Sp&amp;eed:</source>
        <translation>&amp;Geschwindigkeit:</translation>
    </message>
    <message>
        <source>Frames of the night</source>
        <translation>Bilder der Nacht</translation>
    </message>
    <message>
        <source>Quality of the lights over time; drag a rectangle to select frames</source>
        <translation>Qualität der Lights im Lauf der Zeit; ein mit der Maus gezogenes Rechteck wählt Bilder aus</translation>
    </message>
    <message>
        <source>Measuring frames</source>
        <translation>Bilder werden vermessen</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
</context>
<context>
    <name>GoalPanel</name>
    <message>
        <source>about {0}</source>
        <translation>etwa {0}</translation>
    </message>
    <message>
        <source>{0} of {1} free</source>
        <translation>{0} von {1} frei</translation>
    </message>
    <message>
        <source>The disk of the folder for runs is too full: choose another in the project details.</source>
        <translation>Das Laufwerk des Ordners für Läufe ist zu voll: Wählen Sie in den Projektdetails einen anderen.</translation>
    </message>
    <message>
        <source>Little memory is free: close other programs, or the run will be slow.</source>
        <translation>Wenig Speicher ist frei: Schließen Sie andere Programme, sonst wird der Lauf langsam.</translation>
    </message>
    <message>
        <source>&amp;Best picture</source>
        <translation>&amp;Bestes Bild</translation>
    </message>
    <message>
        <source>&amp;Quick look</source>
        <translation>Sch&amp;neller Blick</translation>
    </message>
    <message>
        <source>S&amp;cience</source>
        <translation>&amp;Wissenschaft</translation>
    </message>
    <message>
        <source>M&amp;osaic</source>
        <translation>&amp;Mosaik</translation>
    </message>
    <message>
        <source>The most detail and the least noise.</source>
        <translation>Am meisten Details und am wenigsten Rauschen.</translation>
    </message>
    <message>
        <source>Half size, in a fraction of the time.</source>
        <translation>Halbe Größe, in einem Bruchteil der Zeit.</translation>
    </message>
    <message>
        <source>Linear pixels with their variance; the sky is not subtracted.</source>
        <translation>Lineare Pixel mit ihrer Varianz; der Himmel wird nicht abgezogen.</translation>
    </message>
    <message>
        <source>All panels on one canvas.</source>
        <translation>Alle Felder auf einer Fläche.</translation>
    </message>
    <message>
        <source>What is it for?</source>
        <translation>Wofür ist es?</translation>
    </message>
    <message>
        <source>What it takes</source>
        <translation>Was es braucht</translation>
    </message>
    <message>
        <source>Your own settings (page Settings). A goal replaces only its own.</source>
        <translation>Ihre eigenen Einstellungen (Seite Einstellungen). Ein Ziel ersetzt nur seine eigenen.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Laufwerk</translation>
    </message>
    <message>
        <source>Stac&amp;k</source>
        <translation>Stac&amp;ken</translation>
    </message>
</context>
<context>
    <name>NightCard</name>
    <message>
        <source>Reading the headers …</source>
        <translation>Header werden gelesen …</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>{0}, a device without an entry</source>
        <translation>{0}, ein Gerät ohne Eintrag</translation>
    </message>
    <message>
        <source>Device not recognised</source>
        <translation>Gerät nicht erkannt</translation>
    </message>
    <message>
        <source>No lights</source>
        <translation>Keine Lights</translation>
    </message>
    <message numerus="yes">
        <source>%n light(s), {0}</source>
        <translation>
            <numerusform>%n Light, {0}</numerusform>
            <numerusform>%n Lights, {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1} ({2})</source>
        <translation>{0}: {1} ({2})</translation>
    </message>
    <message>
        <source>no filter name</source>
        <translation>kein Filtername</translation>
    </message>
    <message>
        <source>Darks</source>
        <translation>Darks</translation>
    </message>
    <message>
        <source>Flats</source>
        <translation>Flats</translation>
    </message>
    <message>
        <source>Biases</source>
        <translation>Biases</translation>
    </message>
    <message>
        <source>Dark-flats</source>
        <translation>Dark-Flats</translation>
    </message>
    <message>
        <source>{0}: none found</source>
        <translation>{0}: keine gefunden</translation>
    </message>
    <message>
        <source>gain {0}</source>
        <translation>Gain {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n master(s)</source>
        <translation>
            <numerusform>%n Master</numerusform>
            <numerusform>%n Master</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>scaled to {0} times their exposure</source>
        <translation>auf das {0}-Fache ihrer Belichtung skaliert</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>aus {0}</translation>
    </message>
    <message>
        <source>Use this night</source>
        <translation>Diese Nacht verwenden</translation>
    </message>
    <message>
        <source>Use the night {0}</source>
        <translation>Die Nacht {0} verwenden</translation>
    </message>
    <message>
        <source>Remove this night from the project; its files stay</source>
        <translation>Diese Nacht aus dem Projekt entfernen; ihre Dateien bleiben</translation>
    </message>
    <message>
        <source>Remove the night {0}</source>
        <translation>Die Nacht {0} entfernen</translation>
    </message>
    <message>
        <source>One light of {0}</source>
        <translation>Ein Light von {0}</translation>
    </message>
</context>
<context>
    <name>PicturePane</name>
    <message>
        <source>Preparing the image …</source>
        <translation>Das Bild wird vorbereitet …</translation>
    </message>
    <message>
        <source>{0} cannot be shown.</source>
        <translation>{0} kann nicht angezeigt werden.</translation>
    </message>
    <message>
        <source>Compare with an image of the same field</source>
        <translation>Mit einem Bild desselben Feldes vergleichen</translation>
    </message>
    <message>
        <source>the stack</source>
        <translation>der Stack</translation>
    </message>
    <message>
        <source>The recipe was saved: {0}</source>
        <translation>Das Rezept wurde gespeichert: {0}</translation>
    </message>
    <message>
        <source>PNG, 8 bits</source>
        <translation>PNG, 8 Bit</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>TIFF, 16 bits</source>
        <translation>TIFF, 16 Bit</translation>
    </message>
    <message>
        <source>Export the picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Writing {0} …</source>
        <translation>{0} wird geschrieben …</translation>
    </message>
    <message>
        <source>The picture was written: {0}</source>
        <translation>Das Bild wurde geschrieben: {0}</translation>
    </message>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Das Programm {0} konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>the plain mean</source>
        <translation>dem einfachen Mittelwert</translation>
    </message>
    <message>
        <source>another image, such as a stack by Siril …</source>
        <translation>ein anderes Bild, etwa ein Stack von Siril …</translation>
    </message>
    <message>
        <source>the frame {0}</source>
        <translation>dem Bild {0}</translation>
    </message>
    <message>
        <source>&amp;Image:</source>
        <translation>B&amp;ild:</translation>
    </message>
    <message>
        <source>&amp;Compare with:</source>
        <translation>&amp;Vergleichen mit:</translation>
    </message>
    <message>
        <source>&amp;Divider:</source>
        <translation>&amp;Trennlinie:</translation>
    </message>
    <message>
        <source>Divider between before and after</source>
        <translation>Trennlinie zwischen vorher und nachher</translation>
    </message>
    <message>
        <source>Image of the result</source>
        <translation>Bild des Ergebnisses</translation>
    </message>
    <message>
        <source>Wheel or + and -: zoom; drag: move; F: fit to the view; 1: 1:1</source>
        <translation>Mausrad oder + und -: Zoom; Ziehen: verschieben; F: einpassen; 1: 1:1</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>Einpassen (&amp;F)</translation>
    </message>
    <message>
        <source>&amp;1:1</source>
        <translation>&amp;1:1</translation>
    </message>
    <message>
        <source>Sa&amp;ve recipe</source>
        <translation>Rezept &amp;speichern</translation>
    </message>
    <message>
        <source>Keep these settings beside the image, for this page and for `orchestrate develop`</source>
        <translation>Diese Einstellungen neben dem Bild ablegen, für diese Seite und für `orchestrate develop`</translation>
    </message>
    <message>
        <source>E&amp;xport picture …</source>
        <translation>Bild e&amp;xportieren …</translation>
    </message>
    <message>
        <source>Ope&amp;n in Siril</source>
        <translation>In Siril öff&amp;nen</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>Genauer ansehen</translation>
    </message>
</context>
<context>
    <name>ProjectDetails</name>
    <message>
        <source>Choose the folder for runs</source>
        <translation>Ordner für Läufe wählen</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>noch nicht gespeichert</translation>
    </message>
    <message>
        <source>Project details</source>
        <translation>Projektdetails</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>Na&amp;me:</translation>
    </message>
    <message>
        <source>File:</source>
        <translation>Datei:</translation>
    </message>
    <message>
        <source>Folder for r&amp;uns:</source>
        <translation>Ordner für Lä&amp;ufe:</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>&amp;Auswählen …</translation>
    </message>
</context>
<context>
    <name>RecipePanel</name>
    <message>
        <source>Natural</source>
        <translation>Natürlich</translation>
    </message>
    <message>
        <source>Midtones (autostretch)</source>
        <translation>Mitteltöne (Autostretch)</translation>
    </message>
    <message>
        <source>Asinh</source>
        <translation>Asinh</translation>
    </message>
    <message>
        <source>Generalised hyperbolic (GHS)</source>
        <translation>Verallgemeinert hyperbolisch (GHS)</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>Neutral</translation>
    </message>
    <message>
        <source>Picked place</source>
        <translation>Gewählte Stelle</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie sie ist</translation>
    </message>
    <message>
        <source>Strengt&amp;h:</source>
        <translation>Stär&amp;ke:</translation>
    </message>
    <message>
        <source>0 does not stretch; ln(D + 1)</source>
        <translation>0 streckt nicht; ln(D + 1)</translation>
    </message>
    <message>
        <source>Foc&amp;us:</source>
        <translation>Fok&amp;us:</translation>
    </message>
    <message>
        <source>Contrast near the symmetry point (b)</source>
        <translation>Kontrast nahe dem Symmetriepunkt (b)</translation>
    </message>
    <message>
        <source>S&amp;ymmetry:</source>
        <translation>S&amp;ymmetrie:</translation>
    </message>
    <message>
        <source>Level with the most contrast (SP)</source>
        <translation>Wert mit dem größten Kontrast (SP)</translation>
    </message>
    <message>
        <source>S&amp;hadows:</source>
        <translation>S&amp;chatten:</translation>
    </message>
    <message>
        <source>Below this level the curve is straight (LP)</source>
        <translation>Unter diesem Wert ist die Kurve gerade (LP)</translation>
    </message>
    <message>
        <source>Hi&amp;ghlights:</source>
        <translation>&amp;Lichter:</translation>
    </message>
    <message>
        <source>Above this level the curve is straight (HP)</source>
        <translation>Über diesem Wert ist die Kurve gerade (HP)</translation>
    </message>
    <message>
        <source>&amp;Green noise:</source>
        <translation>&amp;Grünrauschen:</translation>
    </message>
    <message>
        <source>Remove green above the mean of red and blue</source>
        <translation>Grün über dem Mittel von Rot und Blau entfernen</translation>
    </message>
    <message>
        <source>Satur&amp;ation:</source>
        <translation>Sätti&amp;gung:</translation>
    </message>
    <message>
        <source>1 keeps the colours, 0 is grey</source>
        <translation>1 lässt die Farben, 0 ist grau</translation>
    </message>
    <message>
        <source>From the image</source>
        <translation>Aus dem Bild</translation>
    </message>
    <message>
        <source>{0} from the image</source>
        <translation>{0} aus dem Bild</translation>
    </message>
    <message>
        <source>Stre&amp;tch:</source>
        <translation>S&amp;treckung:</translation>
    </message>
    <message>
        <source>&amp;Background:</source>
        <translation>&amp;Hintergrund:</translation>
    </message>
    <message>
        <source>Same curve for all &amp;colours</source>
        <translation>Gleiche &amp;Kurve für alle Farben</translation>
    </message>
    <message>
        <source>Le&amp;vel the sky</source>
        <translation>Himmel ein&amp;ebnen</translation>
    </message>
    <message>
        <source>&amp;Pick</source>
        <translation>&amp;Wählen</translation>
    </message>
    <message>
        <source>Then click on a place of the sky in the image</source>
        <translation>Dann auf eine Stelle des Himmels im Bild klicken</translation>
    </message>
    <message>
        <source>Reset pict&amp;ure</source>
        <translation>Bild zur&amp;ücksetzen</translation>
    </message>
    <message>
        <source>Histogram with handles for black, middle and white</source>
        <translation>Histogramm mit Griffen für Schwarz, Mitte und Weiß</translation>
    </message>
    <message>
        <source>Drag the handles; double-click to reset. Keys: 1, 2, 3 choose, arrows move</source>
        <translation>Griffe ziehen; Doppelklick setzt zurück. Tasten: 1, 2, 3 wählen, Pfeile bewegen</translation>
    </message>
</context>
<context>
    <name>ResultsPage</name>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>finished, threshold missed</source>
        <translation>fertig, Grenzwert verfehlt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>unfinished</source>
        <translation>unvollendet</translation>
    </message>
    <message>
        <source>finished, a filter is missing</source>
        <translation>fertig, ein Filter fehlt</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Messgröße</translation>
    </message>
    <message>
        <source>Measurements of the run</source>
        <translation>Messwerte des Laufs</translation>
    </message>
    <message>
        <source>Refre&amp;sh</source>
        <translation>Ak&amp;tualisieren</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Open r&amp;eport</source>
        <translation>Bericht ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>O&amp;rdner öffnen</translation>
    </message>
    <message>
        <source>Res&amp;ume this run</source>
        <translation>Diesen Lauf fort&amp;setzen</translation>
    </message>
</context>
<context>
    <name>RunDetails</name>
    <message>
        <source>running …</source>
        <translation>läuft …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>&amp;Warnings only</source>
        <translation>Nur &amp;Warnungen</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Run {0}</source>
        <translation>Lauf {0}</translation>
    </message>
    <message>
        <source>Filter {0} ({1} of {2})</source>
        <translation>Filter {0} ({1} von {2})</translation>
    </message>
    <message>
        <source>The finished picture. The page Results develops and exports it.</source>
        <translation>Das fertige Bild. Die Seite Ergebnisse entwickelt und exportiert es.</translation>
    </message>
    <message numerus="yes">
        <source>Mean of %n frame(s) of {0} so far</source>
        <translation>
            <numerusform>Mittel von bisher %n Bild von {0}</numerusform>
            <numerusform>Mittel von bisher %n Bildern von {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>The picture appears with the first frames.</source>
        <translation>Das Bild erscheint mit den ersten Aufnahmen.</translation>
    </message>
    <message>
        <source>{0} so far</source>
        <translation>{0} bisher</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}, noch etwa {1}</translation>
    </message>
    <message>
        <source>Aborted. Completed phases are kept; Resume continues from there.</source>
        <translation>Abgebrochen. Abgeschlossene Phasen bleiben erhalten; Fortsetzen beginnt dort.</translation>
    </message>
    <message>
        <source>Failed.</source>
        <translation>Fehlgeschlagen.</translation>
    </message>
    <message>
        <source>Finished, but a filter is missing.</source>
        <translation>Fertig, aber ein Filter fehlt.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each filter is stacked; the stacks are not combined.</source>
        <translation>Lights je Filter: {0}. Jeder Filter wird gestackt; die Stacks werden nicht kombiniert.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each filter is stacked on the same pixels; the stacks are combined as {1}.</source>
        <translation>Lights je Filter: {0}. Jeder Filter wird auf denselben Pixeln gestackt; die Stacks werden als {1} kombiniert.</translation>
    </message>
    <message>
        <source>End now</source>
        <translation>Sofort beenden</translation>
    </message>
    <message numerus="yes">
        <source>Show %n invalid setting(s)</source>
        <translation>
            <numerusform>%n ungültige Einstellung zeigen</numerusform>
            <numerusform>%n ungültige Einstellungen zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Nothing to stack yet</source>
        <translation>Noch nichts zu stacken</translation>
    </message>
    <message>
        <source>Stacking {0}</source>
        <translation>{0} wird gestackt</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked to {0}</source>
        <translation>
            <numerusform>%n Nacht wird gestackt; Ziel: {0}</numerusform>
            <numerusform>%n Nächte werden gestackt; Ziel: {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Stac&amp;k</source>
        <translation>Stac&amp;ken</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Ergebnis zeigen</translation>
    </message>
    <message>
        <source>Siril s&amp;cripts …</source>
        <translation>Siril-S&amp;kripte …</translation>
    </message>
    <message>
        <source>Deta&amp;ils</source>
        <translation>Deta&amp;ils</translation>
    </message>
    <message>
        <source>name of the run; default: time and session</source>
        <translation>Name des Laufs; Standard: Zeit und Session</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>The picture as it grows</source>
        <translation>Das wachsende Bild</translation>
    </message>
    <message>
        <source>Field {0} ({1} of {2})</source>
        <translation>Feld {0} ({1} von {2})</translation>
    </message>
    <message>
        <source>Finished.</source>
        <translation>Fertig.</translation>
    </message>
    <message>
        <source>Finished, but a validation threshold was missed: see the report.</source>
        <translation>Fertig, aber ein Grenzwert der Prüfung wurde verfehlt: siehe Bericht.</translation>
    </message>
    <message>
        <source>{0} is not stacked: {1}</source>
        <translation>{0} wird nicht gestackt: {1}</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Add a folder of raw frames on the page Start.</source>
        <translation>Fügen Sie auf der Seite Start einen Ordner mit Rohbildern hinzu.</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>Na&amp;me:</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
</context>
<context>
    <name>ScriptsWindow</name>
    <message>
        <source>Writing …</source>
        <translation>Wird geschrieben …</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Siril is running the scripts …</source>
        <translation>Siril führt die Skripte aus …</translation>
    </message>
    <message numerus="yes">
        <source>%n script(s) written.</source>
        <translation>
            <numerusform>%n Skript geschrieben.</numerusform>
            <numerusform>%n Skripte geschrieben.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Siril has finished. %n image(s) written.</source>
        <translation>
            <numerusform>Siril ist fertig. %n Bild geschrieben.</numerusform>
            <numerusform>Siril ist fertig. %n Bilder geschrieben.</numerusform>
        </translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Hinweis</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s) found. Siril would stop there, or ignore the line.</source>
        <translation>
            <numerusform>%n Fehler gefunden. Siril würde dort anhalten oder die Zeile ignorieren.</numerusform>
            <numerusform>%n Fehler gefunden. Siril würde dort anhalten oder die Zeilen ignorieren.</numerusform>
        </translation>
    </message>
    <message>
        <source>No errors were found.</source>
        <translation>Es wurden keine Fehler gefunden.</translation>
    </message>
    <message>
        <source>Aborted.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Choose a folder for the scripts</source>
        <translation>Ordner für die Skripte wählen</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) in use.</source>
        <translation>
            <numerusform>%n Nacht wird verwendet.</numerusform>
            <numerusform>%n Nächte werden verwendet.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no night in use: add a folder of raw frames to the project first.</source>
        <translation>Es wird keine Nacht verwendet: Fügen Sie dem Projekt zuerst einen Ordner mit Rohbildern hinzu.</translation>
    </message>
    <message>
        <source>Siril scripts</source>
        <translation>Siril-Skripte</translation>
    </message>
    <message>
        <source>The scripts calibrate, register and stack the nights in use with Siril alone. They follow the settings of the project, as far as Siril has an equivalent, and these options.</source>
        <translation>Die Skripte kalibrieren, registrieren und stacken die verwendeten Nächte allein mit Siril. Sie folgen den Einstellungen des Projekts, soweit Siril eine Entsprechung hat, und diesen Optionen.</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Ordner:</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>&amp;Wählen …</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>Ordner ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>&amp;Schreiben</translation>
    </message>
    <message>
        <source>Chec&amp;k</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>&amp;Run with Siril</source>
        <translation>&amp;Mit Siril ausführen</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Scripts, images and problems</source>
        <translation>Skripte, Bilder und Probleme</translation>
    </message>
    <message>
        <source>Progress of Siril</source>
        <translation>Fortschritt von Siril</translation>
    </message>
</context>
<context>
    <name>SettingField</name>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Default: {0}</source>
        <translation>Standard: {0}</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Default of {0}</source>
        <translation>Standardwert von {0}</translation>
    </message>
    <message>
        <source>Reset to {0}</source>
        <translation>Auf {0} zurücksetzen</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>Choose a file for {0}</source>
        <translation>Datei für {0} auswählen</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message numerus="yes">
        <source>%n invalid setting(s): {0}. The last valid value is used.</source>
        <translation>
            <numerusform>%n ungültige Einstellung: {0}. Der letzte gültige Wert wird verwendet.</numerusform>
            <numerusform>%n ungültige Einstellungen: {0}. Die letzten gültigen Werte werden verwendet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed by the preset:</source>
        <translation>
            <numerusform>%n Einstellung durch die Voreinstellung geändert:</numerusform>
            <numerusform>%n Einstellungen durch die Voreinstellung geändert:</numerusform>
        </translation>
    </message>
    <message>
        <source>Search all settings and their help</source>
        <translation>Alle Einstellungen und ihre Hilfe durchsuchen</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen suchen</translation>
    </message>
    <message>
        <source>&amp;Different from the default</source>
        <translation>Vom Standar&amp;d abweichend</translation>
    </message>
    <message>
        <source>&amp;All settings</source>
        <translation>&amp;Alle Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Undo the preset</source>
        <translation>Voreinstellung r&amp;ückgängig</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Settings that the preset has changed</source>
        <translation>Einstellungen, die die Voreinstellung geändert hat</translation>
    </message>
    <message>
        <source>Pre&amp;set:</source>
        <translation>&amp;Voreinstellung:</translation>
    </message>
    <message>
        <source>App&amp;ly</source>
        <translation>An&amp;wenden</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Abschnitte</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Choose a night, or a folder of nights</source>
        <translation>Eine Nacht oder einen Ordner mit Nächten wählen</translation>
    </message>
    <message>
        <source>Choose the folder of darks</source>
        <translation>Ordner mit Darks wählen</translation>
    </message>
    <message>
        <source>Choose the folder of flats</source>
        <translation>Ordner mit Flats wählen</translation>
    </message>
    <message>
        <source>Add a night first</source>
        <translation>Zuerst eine Nacht hinzufügen</translation>
    </message>
    <message>
        <source>No night is in use</source>
        <translation>Keine Nacht wird verwendet</translation>
    </message>
    <message numerus="yes">
        <source>%n invalid setting(s)</source>
        <translation>
            <numerusform>%n ungültige Einstellung</numerusform>
            <numerusform>%n ungültige Einstellungen</numerusform>
        </translation>
    </message>
    <message>
        <source>A run is in progress</source>
        <translation>Ein Lauf ist im Gange</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) to solve</source>
        <translation>
            <numerusform>%n Problem zu lösen</numerusform>
            <numerusform>%n Probleme zu lösen</numerusform>
        </translation>
    </message>
    <message>
        <source>What shall be stacked?</source>
        <translation>Was soll gestackt werden?</translation>
    </message>
    <message>
        <source>From raw frames to a picture: open a folder, choose what it is for, press Stack.</source>
        <translation>Von Rohbildern zum Bild: Ordner öffnen, Zweck wählen, Stacken drücken.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) of {0} in use</source>
        <translation>
            <numerusform>%n Nacht von {0} verwendet</numerusform>
            <numerusform>%n Nächte von {0} verwendet</numerusform>
        </translation>
    </message>
    <message>
        <source>Project &amp;details …</source>
        <translation>Projekt&amp;details …</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt geöffnete Projekte</translation>
    </message>
    <message>
        <source>Reading the headers</source>
        <translation>Header werden gelesen</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Open your night</source>
        <translation>Ihre Nacht öffnen</translation>
    </message>
    <message>
        <source>Drop a folder of raw frames into the window. Lights, darks, flats and biases are recognised. What is missing has a button that resolves it.</source>
        <translation>Legen Sie einen Ordner mit Rohbildern im Fenster ab. Lights, Darks, Flats und Biases werden erkannt. Was fehlt, hat eine Schaltfläche, die es löst.</translation>
    </message>
    <message>
        <source>Press Stack</source>
        <translation>Stacken drücken</translation>
    </message>
    <message>
        <source>Choose what the picture is for, and press Stack. Everything else has a sensible value; the page Settings has all of them.</source>
        <translation>Wählen Sie, wofür das Bild ist, und drücken Sie Stacken. Alles andere hat einen sinnvollen Wert; die Seite Einstellungen zeigt sie alle.</translation>
    </message>
    <message>
        <source>Watch it grow</source>
        <translation>Dem Bild beim Wachsen zusehen</translation>
    </message>
    <message>
        <source>The page Run shows the picture as it grows, the quality of each frame and the time left. You can abort and resume at any time.</source>
        <translation>Die Seite Lauf zeigt das wachsende Bild, die Güte jeder Aufnahme und die verbleibende Zeit. Sie können jederzeit abbrechen und fortsetzen.</translation>
    </message>
    <message>
        <source>Make it shine</source>
        <translation>Das Bild entwickeln</translation>
    </message>
    <message>
        <source>The page Results develops the picture, compares it with a single frame, and exports it. Nothing is changed in the linear stack.</source>
        <translation>Die Seite Ergebnisse entwickelt das Bild, vergleicht es mit einer einzelnen Aufnahme und exportiert es. Am linearen Stack ändert sich nichts.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Tour: {0}</source>
        <translation>Rundgang: {0}</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Open a project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Projects (*.yaml *.yml *.json)</source>
        <translation>Projekte (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>Projects (*.yaml)</source>
        <translation>Projekte (*.yaml)</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Not possible</source>
        <translation>Nicht möglich</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Nicht gespeicherte Änderungen</translation>
    </message>
    <message>
        <source>Save the changes to {0}?</source>
        <translation>Änderungen an {0} speichern?</translation>
    </message>
    <message>
        <source>the project</source>
        <translation>diesem Projekt</translation>
    </message>
    <message numerus="yes">
        <source>Saved. %n invalid setting(s) keep the last valid value.</source>
        <translation>
            <numerusform>Gespeichert. %n ungültige Einstellung behält ihren letzten gültigen Wert.</numerusform>
            <numerusform>Gespeichert. %n ungültige Einstellungen behalten ihren letzten gültigen Wert.</numerusform>
        </translation>
    </message>
    <message>
        <source>A run is in progress</source>
        <translation>Ein Lauf ist aktiv</translation>
    </message>
    <message>
        <source>Abort the run? Completed phases are kept, and it can be resumed.</source>
        <translation>Den Lauf abbrechen? Abgeschlossene Phasen bleiben erhalten, und er kann fortgesetzt werden.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) added.</source>
        <translation>
            <numerusform>%n Nacht hinzugefügt.</numerusform>
            <numerusform>%n Nächte hinzugefügt.</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>The run has ended: {0}</source>
        <translation>Der Lauf ist beendet: {0}</translation>
    </message>
    <message>
        <source>About orchestrate</source>
        <translation>Über orchestrate</translation>
    </message>
    <message>
        <source>orchestrate {0}

Stacks raw astronomical frames with local quality weights.</source>
        <translation>orchestrate {0}

Stackt astronomische Rohbilder mit lokalen Qualitätsgewichten.</translation>
    </message>
    <message>
        <source> – running</source>
        <translation> – läuft</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>L&amp;auf</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>An&amp;sicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Save &amp;as …</source>
        <translation>Speichern &amp;unter …</translation>
    </message>
    <message>
        <source>Add &amp;folder …</source>
        <translation>&amp;Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Project &amp;details …</source>
        <translation>Projekt&amp;details …</translation>
    </message>
    <message>
        <source>&amp;Stack</source>
        <translation>&amp;Stacken</translation>
    </message>
    <message>
        <source>Siril s&amp;cripts …</source>
        <translation>Siril-S&amp;kripte …</translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation>&amp;Rundgang</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>S&amp;tart</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Find a setting</source>
        <translation>Einstellung su&amp;chen</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>&amp;Über</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>As &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>Fra&amp;mes</source>
        <translation>Auf&amp;nahmen</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>&amp;Einstellungen</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>Resul&amp;ts</source>
        <translation>Er&amp;gebnisse</translation>
    </message>
</context>
<context>
    <name>WorkerClient</name>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Das Programm {0} konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>Reinstall it.</source>
        <translation>Installieren Sie es neu.</translation>
    </message>
    <message>
        <source>The process ended unexpectedly. Its last output: {0}</source>
        <translation>Der Prozess wurde unerwartet beendet. Seine letzte Ausgabe: {0}</translation>
    </message>
    <message>
        <source>Completed phases are kept; resume the run.</source>
        <translation>Abgeschlossene Phasen bleiben erhalten; setzen Sie den Lauf fort.</translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} h {1} min</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>The lights have several filters: {counts}. Each is stacked, and the stacks are combined as {palette}.</source>
        <translation>Die Lights haben mehrere Filter: {counts}. Jeder wird gestackt, und die Stacks werden als {palette} kombiniert.</translation>
    </message>
    <message>
        <source>It has no darks, and no other night has suitable ones: dark current and amplifier glow remain.</source>
        <translation>Sie hat keine Darks, und keine andere Nacht hat passende: Dunkelstrom und Verstärkerglühen bleiben.</translation>
    </message>
    <message>
        <source>Add darks to {path}, or to a night with the same camera settings.</source>
        <translation>Legen Sie Darks in {path} oder in eine Nacht mit denselben Kameraeinstellungen.</translation>
    </message>
    <message>
        <source>It has no flats, and no other night has suitable ones: vignetting and dust remain.</source>
        <translation>Sie hat keine Flats, und keine andere Nacht hat passende: Vignettierung und Staub bleiben.</translation>
    </message>
    <message>
        <source>Add flats to {path}, or to a night with the same camera settings.</source>
        <translation>Legen Sie Flats in {path} oder in eine Nacht mit denselben Kameraeinstellungen.</translation>
    </message>
    <message>
        <source>The project has no nights.</source>
        <translation>Das Projekt hat keine Nächte.</translation>
    </message>
    <message>
        <source>Add one: orchestrate project add {folder} FOLDER</source>
        <translation>Fügen Sie eine hinzu: orchestrate project add {folder} ORDNER</translation>
    </message>
    <message>
        <source>{path} looks like a night, but is not in the project.</source>
        <translation>{path} sieht wie eine Nacht aus, ist aber nicht im Projekt.</translation>
    </message>
    <message>
        <source>Add it: orchestrate project add {folder} &apos;{path}&apos;</source>
        <translation>Fügen Sie sie hinzu: orchestrate project add {folder} &apos;{path}&apos;</translation>
    </message>
    <message>
        <source>The project folder is not writable.</source>
        <translation>In den Projektordner kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Choose another location for runs and results with --runs-dir.</source>
        <translation>Wählen Sie mit --runs-dir einen anderen Ort für Läufe und Ergebnisse.</translation>
    </message>
    <message>
        <source>The master library is {path}.</source>
        <translation>Die Bibliothek der Master ist {path}.</translation>
    </message>
    <message>
        <source>{path} is on read-only storage: that is fine, frames are never written to.</source>
        <translation>{path} ist schreibgeschützt: Das ist in Ordnung, in Bilder wird nie geschrieben.</translation>
    </message>
    <message>
        <source>The nights have {count} lights in total, {needed} are needed.</source>
        <translation>Die Nächte haben zusammen {count} Lights, {needed} werden gebraucht.</translation>
    </message>
    <message>
        <source>Add frames, or set input.allow_emergency_mode.</source>
        <translation>Fügen Sie Bilder hinzu, oder setzen Sie input.allow_emergency_mode.</translation>
    </message>
    <message>
        <source>No night is in use.</source>
        <translation>Keine Nacht wird verwendet.</translation>
    </message>
    <message>
        <source>Set use: true for at least one.</source>
        <translation>Setzen Sie use: true für mindestens eine.</translation>
    </message>
    <message>
        <source>It points {apart} degrees away from {other}: frames that do not overlap the reference are left out.</source>
        <translation>Sie zeigt {apart} Grad neben {other}: Bilder, die die Referenz nicht überlappen, werden ausgelassen.</translation>
    </message>
    <message>
        <source>Create a separate project for another object.</source>
        <translation>Legen Sie für ein anderes Objekt ein eigenes Projekt an.</translation>
    </message>
    <message>
        <source>The lights show several objects; {chosen} is stacked, not {others}. Choose with --set input.field=NAME.</source>
        <translation>Die Lights zeigen mehrere Objekte; {chosen} wird gestackt, nicht {others}. Wählen Sie mit --set input.field=NAME.</translation>
    </message>
    <message>
        <source>The lights differ in exposure ({listing}); they are scaled to a common level.</source>
        <translation>Die Lights sind verschieden lang belichtet ({listing}); sie werden auf ein gemeinsames Niveau skaliert.</translation>
    </message>
    <message>
        <source>The lights are already debayered; their three colours are stacked as they are.</source>
        <translation>Die Lights sind bereits debayert; ihre drei Farben werden gestackt, wie sie sind.</translation>
    </message>
    <message>
        <source>{count} {role} frames of {origin} are used{how}.</source>
        <translation>{count} Bilder ({role}) aus {origin} werden verwendet{how}.</translation>
    </message>
    <message>
        <source>The master {role} {name} comes from {origin}{how}.</source>
        <translation>Der Master {name} ({role}) kommt aus {origin}{how}.</translation>
    </message>
</context>
<context>
    <name>phases</name>
    <message>
        <source>reading the headers</source>
        <translation>Header lesen</translation>
    </message>
    <message>
        <source>calibrating</source>
        <translation>kalibrieren</translation>
    </message>
    <message>
        <source>aligning the frames</source>
        <translation>Bilder ausrichten</translation>
    </message>
    <message>
        <source>planning the canvas</source>
        <translation>Bildfläche planen</translation>
    </message>
    <message>
        <source>choosing the channels</source>
        <translation>Kanäle wählen</translation>
    </message>
    <message>
        <source>matching the brightness</source>
        <translation>Helligkeit angleichen</translation>
    </message>
    <message>
        <source>scoring the frames</source>
        <translation>Bilder bewerten</translation>
    </message>
    <message>
        <source>planning the tiles</source>
        <translation>Kacheln planen</translation>
    </message>
    <message>
        <source>measuring the overlap</source>
        <translation>Überlappung messen</translation>
    </message>
    <message>
        <source>weighting each tile</source>
        <translation>jede Kachel gewichten</translation>
    </message>
    <message>
        <source>stacking</source>
        <translation>stacken</translation>
    </message>
    <message>
        <source>grouping the frames</source>
        <translation>Bilder gruppieren</translation>
    </message>
    <message>
        <source>averaging the groups</source>
        <translation>Gruppen mitteln</translation>
    </message>
    <message>
        <source>writing the stack</source>
        <translation>Stack schreiben</translation>
    </message>
    <message>
        <source>demosaicing the stack</source>
        <translation>Stack debayern</translation>
    </message>
    <message>
        <source>plate solving</source>
        <translation>Astrometrie lösen</translation>
    </message>
    <message>
        <source>removing the gradient</source>
        <translation>Gradient entfernen</translation>
    </message>
    <message>
        <source>calibrating the colours</source>
        <translation>Farben kalibrieren</translation>
    </message>
    <message>
        <source>making the preview</source>
        <translation>Vorschau erstellen</translation>
    </message>
    <message>
        <source>checking the result</source>
        <translation>Ergebnis prüfen</translation>
    </message>
    <message>
        <source>combining the filters</source>
        <translation>Filter kombinieren</translation>
    </message>
    <message>
        <source>writing the report</source>
        <translation>Bericht schreiben</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Which frames are used, and how many are enough.</source>
        <translation>Welche Bilder verwendet werden und wie viele genügen.</translation>
    </message>
    <message>
        <source>auto: a mosaic is found from the pointing of the frames. single: one pointing. mosaic: a mosaic, also of single frames. master_tiles: the lights are finished stacks of the panels (docs/MOSAICS.md).</source>
        <translation>auto: ein Mosaik wird an der Ausrichtung der Aufnahmen erkannt. single: eine Ausrichtung. mosaic: ein Mosaik, auch aus einzelnen Aufnahmen. master_tiles: die Lights sind fertige Stacks der Felder (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Use only lights taken through this filter (name as in the header or file name).</source>
        <translation>Nur Lights verwenden, die mit diesem Filter aufgenommen wurden (Name wie im Header oder Dateinamen).</translation>
    </message>
    <message>
        <source>Use only lights of this object.</source>
        <translation>Nur Lights dieses Objekts verwenden.</translation>
    </message>
    <message>
        <source>CFA pattern, as BAYERPAT would name it; auto reads BAYERPAT and ROWORDER.</source>
        <translation>CFA-Muster in der Schreibweise von BAYERPAT; auto liest BAYERPAT und ROWORDER.</translation>
    </message>
    <message>
        <source>The run ends if fewer lights are usable.</source>
        <translation>Der Lauf endet, wenn weniger Lights brauchbar sind.</translation>
    </message>
    <message>
        <source>With fewer lights there are no clusters (reduced mode).</source>
        <translation>Mit weniger Lights werden keine Cluster gebildet (reduzierter Modus).</translation>
    </message>
    <message>
        <source>Continue with fewer than min_frames lights.</source>
        <translation>Auch mit weniger als min_frames Lights fortfahren.</translation>
    </message>
    <message>
        <source>Required free disk space as a multiple of the expected size of the run.</source>
        <translation>Nötiger freier Speicherplatz als Vielfaches der erwarteten Größe des Laufs.</translation>
    </message>
    <message>
        <source>Properties of cameras and telescopes (YAML, as devices.yaml) for incomplete headers; None looks in the configuration folder.</source>
        <translation>Eigenschaften von Kameras und Teleskopen (YAML, wie devices.yaml) für unvollständige Header; leer: Suche im Konfigurationsordner.</translation>
    </message>
    <message>
        <source>Largest temperature difference between darks and lights in deg C.</source>
        <translation>Größte Temperaturdifferenz zwischen Darks und Lights in °C.</translation>
    </message>
    <message>
        <source>Largest difference in rotator angle between flats and lights in degrees.</source>
        <translation>Größte Differenz des Rotatorwinkels zwischen Flats und Lights in Grad.</translation>
    </message>
    <message>
        <source>Nights that are calibrated with their own masters and stacked together (set by projects).</source>
        <translation>Nächte, die mit ihren eigenen Mastern kalibriert und gemeinsam gestackt werden (von Projekten gesetzt).</translation>
    </message>
    <message>
        <source>A night that lacks suitable calibration frames borrows them from another night.</source>
        <translation>Eine Nacht ohne passende Kalibrierbilder verwendet die einer anderen Nacht.</translation>
    </message>
    <message>
        <source>The engine that calibrates and registers.</source>
        <translation>Das Programm, das kalibriert und registriert.</translation>
    </message>
    <message>
        <source>auto uses Siril 1.4 or newer if it is installed, otherwise the native engine.</source>
        <translation>auto verwendet Siril 1.4 oder neuer, falls installiert, sonst die eigene Engine (native).</translation>
    </message>
    <message>
        <source>Path of siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.</source>
        <translation>Pfad von siril-cli; leer: Suche in SIRIL_CLI, PATH und den üblichen Ordnern.</translation>
    </message>
    <message>
        <source>transforms: Siril calibrates and registers; frames are warped as they are read. frames: Siril exports registered frames.</source>
        <translation>transforms: Siril kalibriert und registriert; die Bilder werden beim Lesen transformiert. frames: Siril exportiert registrierte Bilder.</translation>
    </message>
    <message>
        <source>Folder with custom templates for Siril scripts; each replaces the built-in one of the same name.</source>
        <translation>Ordner mit eigenen Vorlagen für Siril-Skripte; jede ersetzt die mitgelieferte gleichen Namens.</translation>
    </message>
    <message>
        <source>Time limit for one script in seconds.</source>
        <translation>Zeitlimit für ein Skript in Sekunden.</translation>
    </message>
    <message>
        <source>If Siril fails, continue with the native engine.</source>
        <translation>Wenn Siril fehlschlägt, mit der eigenen Engine (native) fortfahren.</translation>
    </message>
    <message>
        <source>Masters and cosmetic correction.</source>
        <translation>Master und kosmetische Korrektur.</translation>
    </message>
    <message>
        <source>Master bias file, or a folder of bias frames.</source>
        <translation>Master-Bias-Datei oder ein Ordner mit Bias-Bildern.</translation>
    </message>
    <message>
        <source>Master dark file, or a folder of darks.</source>
        <translation>Master-Dark-Datei oder ein Ordner mit Darks.</translation>
    </message>
    <message>
        <source>Master flat file, or a folder of flats.</source>
        <translation>Master-Flat-Datei oder ein Ordner mit Flats.</translation>
    </message>
    <message>
        <source>Master dark-flat file, or a folder of dark-flats.</source>
        <translation>Master-Dark-Flat-Datei oder ein Ordner mit Dark-Flats.</translation>
    </message>
    <message>
        <source>Folder of masters shared by all sessions; None looks in ORCHESTRATE_MASTERS.</source>
        <translation>Ordner mit Mastern für alle Sessions; leer: Suche in ORCHESTRATE_MASTERS.</translation>
    </message>
    <message>
        <source>Save the masters made by a run in the library.</source>
        <translation>Die Master eines Laufs in der Bibliothek speichern.</translation>
    </message>
    <message>
        <source>Constant bias level in ADU, used if there are no bias frames.</source>
        <translation>Konstanter Bias-Wert in ADU, falls es keine Bias-Bilder gibt.</translation>
    </message>
    <message>
        <source>Scale the dark so that the noise is smallest (needs a bias).</source>
        <translation>Das Dark auf das geringste Rauschen skalieren (braucht ein Bias).</translation>
    </message>
    <message>
        <source>Normalise the flat for each CFA colour, so that it does not change colours.</source>
        <translation>Das Flat je CFA-Farbe normalisieren, damit es die Farben nicht verändert.</translation>
    </message>
    <message>
        <source>Replace bad pixels by the median of neighbours of the same colour.</source>
        <translation>Defekte Pixel durch den Median gleichfarbiger Nachbarn ersetzen.</translation>
    </message>
    <message>
        <source>Sensor pattern that is measured in the lights and subtracted: auto (without darks: warm pixels, columns and rows), pixels, lines, all (amplifier glow too), none.</source>
        <translation>Sensormuster, das in den Lights gemessen und abgezogen wird: auto (ohne Darks: warme Pixel, Spalten und Zeilen), pixels, lines, all (auch Verstärkerglühen), none.</translation>
    </message>
    <message>
        <source>Number of lights, spread over the session, used to measure the fixed pattern.</source>
        <translation>Anzahl der über die Session verteilten Lights, mit denen das feste Muster gemessen wird.</translation>
    </message>
    <message>
        <source>Winsorized sigma clipping threshold for masters, in sigma.</source>
        <translation>Schwelle des Winsorized Sigma Clipping für Master, in Sigma.</translation>
    </message>
    <message>
        <source>auto (the best light), first, or the file name of the reference light.</source>
        <translation>auto (das beste Light), first (das erste) oder der Dateiname des Referenz-Lights.</translation>
    </message>
    <message>
        <source>Use the transforms of another run (its artifacts/registration.json).</source>
        <translation>Die Transformationen eines anderen Laufs verwenden (dessen artifacts/registration.json).</translation>
    </message>
    <message>
        <source>Make the stack on the pixel grid of another run (its artifacts/geometry.json).</source>
        <translation>Den Stack auf dem Pixelraster eines anderen Laufs erstellen (dessen artifacts/geometry.json).</translation>
    </message>
    <message>
        <source>Fewest stars that must agree with a transform (or a third of those matched).</source>
        <translation>Mindestzahl der Sterne, die mit einer Transformation übereinstimmen müssen (oder ein Drittel der zugeordneten).</translation>
    </message>
    <message>
        <source>Largest rms residual of the stars in px.</source>
        <translation>Größtes RMS-Residuum der Sterne in px.</translation>
    </message>
    <message>
        <source>Largest relative difference in scale from the reference.</source>
        <translation>Größte relative Abweichung des Maßstabs von der Referenz.</translation>
    </message>
    <message>
        <source>Star detection threshold in sigma of the noise.</source>
        <translation>Schwelle der Sternerkennung in Sigma des Rauschens.</translation>
    </message>
    <message>
        <source>Number of brightest stars used.</source>
        <translation>Anzahl der verwendeten hellsten Sterne.</translation>
    </message>
    <message>
        <source>Largest canvas area as a multiple of the area of a frame.</source>
        <translation>Größte Bildfläche als Vielfaches der Fläche eines Bildes.</translation>
    </message>
    <message>
        <source>Interpolation used to warp frames.</source>
        <translation>Interpolation beim Transformieren der Bilder.</translation>
    </message>
    <message>
        <source>The pixel grid of the stack.</source>
        <translation>Das Pixelraster des Stacks.</translation>
    </message>
    <message>
        <source>auto: the reference frame; the union for a mosaic or a field with large rotation.</source>
        <translation>auto: das Referenzbild; die Vereinigung bei einem Mosaik oder bei starker Bildfeldrotation.</translation>
    </message>
    <message>
        <source>coverage: crop to the largest rectangle covered by frames with at least min_coverage of the information. auto: coverage with 0.5 where the union was chosen automatically; for a mosaic, its panels without thin rims.</source>
        <translation>coverage: Zuschnitt auf das größte Rechteck, das von Bildern mit mindestens min_coverage der Information überdeckt wird. auto: coverage mit 0.5, wenn die Vereinigung automatisch gewählt wurde; bei einem Mosaik seine Felder ohne dünne Ränder.</translation>
    </message>
    <message>
        <source>Width in px that is cut off of the canvas on all four sides, unless another run or a header gives the canvas.</source>
        <translation>Breite in px, die auf allen vier Seiten von der Bildfläche abgeschnitten wird, wenn sie nicht durch einen anderen Lauf oder einen Header gegeben ist.</translation>
    </message>
    <message>
        <source>Width in px over which frame borders fade in.</source>
        <translation>Breite in px, über die Bildränder eingeblendet werden.</translation>
    </message>
    <message>
        <source>Pixel scale in arcsec; None: that of the reference.</source>
        <translation>Pixelmaßstab in Bogensekunden; None: der der Referenz.</translation>
    </message>
    <message>
        <source>Turn north up.</source>
        <translation>Norden nach oben drehen.</translation>
    </message>
    <message>
        <source>auto: the middle of the frames. Otherwise right ascension and declination in degrees, as 83.8 -5.4.</source>
        <translation>auto: die Mitte der Bilder. Sonst Rektaszension und Deklination in Grad, etwa 83.8 -5.4.</translation>
    </message>
    <message>
        <source>FITS file, or text file with the cards of a header, whose WCS and size are those of the canvas.</source>
        <translation>FITS-Datei, oder Textdatei mit den Karten eines Headers, deren WCS und Größe die der Bildfläche sind.</translation>
    </message>
    <message>
        <source>Quality crop of master tiles: noisy rims of the stack of each panel are cut off.</source>
        <translation>Qualitätsbeschnitt der Master-Kacheln: verrauschte Ränder des Stacks jedes Feldes werden abgeschnitten.</translation>
    </message>
    <message>
        <source>Cut off the rims of master tiles that are noisier than the rest, of those written and of those read.</source>
        <translation>Ränder von Master-Kacheln abschneiden, die verrauschter als der Rest sind, bei geschriebenen wie bei gelesenen.</translation>
    </message>
    <message>
        <source>Width in px of the bands in which the noise is measured.</source>
        <translation>Breite in px der Streifen, in denen das Rauschen gemessen wird.</translation>
    </message>
    <message>
        <source>A band is poor if its noise exceeds that of the tile by this multiple of its scatter.</source>
        <translation>Ein Streifen ist schlecht, wenn sein Rauschen das der Kachel um dieses Vielfache der Streuung übersteigt.</translation>
    </message>
    <message>
        <source>Number of good bands in a row at which the rim ends.</source>
        <translation>Anzahl guter Streifen hintereinander, bei der der Rand endet.</translation>
    </message>
    <message>
        <source>Width in px that is cut off in addition, on all four sides of the tile.</source>
        <translation>Breite in px, die zusätzlich auf allen vier Seiten der Kachel abgeschnitten wird.</translation>
    </message>
    <message>
        <source>photometric: by star fluxes. background: by the sky level only.</source>
        <translation>photometric: nach den Sternflüssen. background: nur nach dem Himmelsniveau.</translation>
    </message>
    <message>
        <source>With fewer matched stars, transparency comes from the exposure time only.</source>
        <translation>Mit weniger zugeordneten Sternen wird die Transparenz nur aus der Belichtungszeit bestimmt.</translation>
    </message>
    <message>
        <source>Order of the polynomial surface fitted to the sky of each frame.</source>
        <translation>Grad der Polynomfläche, die an den Himmel jedes Bildes angepasst wird.</translation>
    </message>
    <message>
        <source>Largest tile: the shorter side of the frame divided by this.</source>
        <translation>Größte Kachel: die kürzere Seite des Bildes geteilt durch diesen Wert.</translation>
    </message>
    <message>
        <source>Overlap of neighbouring tiles as a fraction of their size.</source>
        <translation>Überlappung benachbarter Kacheln als Anteil ihrer Größe.</translation>
    </message>
    <message>
        <source>Quality scores of frames and tiles.</source>
        <translation>Qualitätswertungen von Bildern und Kacheln.</translation>
    </message>
    <message>
        <source>Weight of a low background; the three weights add up to 1.</source>
        <translation>Gewicht eines niedrigen Hintergrunds; die drei Gewichte ergeben zusammen 1.</translation>
    </message>
    <message>
        <source>Weight of high gradient energy (sharpness).</source>
        <translation>Gewicht hoher Gradientenenergie (Schärfe).</translation>
    </message>
    <message>
        <source>Make the weights proportional to the variance of each score.</source>
        <translation>Gewichte proportional zur Varianz der einzelnen Wertungen.</translation>
    </message>
    <message>
        <source>Fewest stars for which a tile is scored by its stars.</source>
        <translation>Mindestzahl der Sterne, ab der eine Kachel nach ihren Sternen bewertet wird.</translation>
    </message>
    <message>
        <source>The weight of each frame in each tile.</source>
        <translation>Das Gewicht jedes Bildes in jeder Kachel.</translation>
    </message>
    <message>
        <source>best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. quality: the sharpest frames dominate. uniform: equal weights.</source>
        <translation>best: meiste Information über Sterne. psf_snr: schärfer, etwas weniger Information. snr: schwaches ausgedehntes Licht. quality: die schärfsten Bilder überwiegen. uniform: gleiche Gewichte.</translation>
    </message>
    <message>
        <source>quality: soften the exponent until this fraction of the information is kept.</source>
        <translation>quality: den Exponenten abschwächen, bis dieser Anteil der Information erhalten bleibt.</translation>
    </message>
    <message>
        <source>False: one weight for each whole frame.</source>
        <translation>Aus: ein Gewicht für jedes ganze Bild.</translation>
    </message>
    <message>
        <source>Which lights are stacked; all by default, since poor frames get low weights. The report lists those left out and why.</source>
        <translation>Welche Lights gestackt werden; standardmäßig alle, denn schlechte Bilder erhalten kleine Gewichte. Der Bericht nennt die ausgelassenen und den Grund.</translation>
    </message>
    <message>
        <source>Keep this fraction of the lights, the best by score (G of GLOBAL_METRICS).</source>
        <translation>Diesen Anteil der Lights behalten, die besten nach Wertung (G von GLOBAL_METRICS).</translation>
    </message>
    <message>
        <source>Keep only lights that meet a condition, e.g. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</source>
        <translation>Nur Lights behalten, die eine Bedingung erfüllen, z. B. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</translation>
    </message>
    <message>
        <source>Rejection of outliers.</source>
        <translation>Ausreißer verwerfen.</translation>
    </message>
    <message>
        <source>Method that rejects satellites, aircraft and cosmic rays.</source>
        <translation>Methode, die Satelliten, Flugzeuge und kosmische Strahlung verwirft.</translation>
    </message>
    <message>
        <source>Low threshold in sigma (percentile: in percent).</source>
        <translation>Untere Schwelle in Sigma (percentile: in Prozent).</translation>
    </message>
    <message>
        <source>High threshold in sigma (percentile: in percent).</source>
        <translation>Obere Schwelle in Sigma (percentile: in Prozent).</translation>
    </message>
    <message>
        <source>Largest number of iterations of the iterative methods.</source>
        <translation>Größte Zahl der Iterationen der iterativen Methoden.</translation>
    </message>
    <message>
        <source>eta: fraction of the local contrast that is added to the noise, which protects star cores.</source>
        <translation>eta: Anteil des lokalen Kontrasts, der zum Rauschen addiert wird; das schützt Sternkerne.</translation>
    </message>
    <message>
        <source>Radius in px by which rejected regions are enlarged.</source>
        <translation>Radius in px, um den verworfene Bereiche vergrößert werden.</translation>
    </message>
    <message>
        <source>Fewest frames that rejection leaves at a pixel.</source>
        <translation>Mindestzahl der Bilder, die nach dem Verwerfen an einem Pixel bleiben.</translation>
    </message>
    <message>
        <source>Detect trails of satellites and aircraft and reject them over their full width, faint ones too.</source>
        <translation>Spuren von Satelliten und Flugzeugen erkennen und in voller Breite verwerfen, auch schwache.</translation>
    </message>
    <message>
        <source>Frames excluded by hand, everywhere or in the tiles that overlap a box, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</source>
        <translation>Von Hand ausgeschlossene Bilder, überall oder in den Kacheln, die sich mit einem Rechteck überlappen, z. B. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</translation>
    </message>
    <message>
        <source>Largest number of frames compared with each other; larger sessions are split into groups, each spread over the whole session, which bounds memory and cost.</source>
        <translation>Größte Zahl der miteinander verglichenen Bilder; größere Sessions werden in Gruppen geteilt, jede über die ganze Session verteilt, was Speicher und Rechenzeit begrenzt.</translation>
    </message>
    <message>
        <source>When a finished run is resumed after lights were added: keep transforms, scales and weights of the lights in its stack, and add the new ones to it instead of stacking all again.</source>
        <translation>Wenn ein beendeter Lauf fortgesetzt wird, nachdem Lights hinzukamen: Transformationen, Skalen und Gewichte der Lights in seinem Stack behalten und die neuen hinzufügen, statt alle neu zu stacken.</translation>
    </message>
    <message>
        <source>How the frames are combined.</source>
        <translation>Wie die Bilder kombiniert werden.</translation>
    </message>
    <message>
        <source>proper: FWHM of all stars in the stack in px; auto: the smallest that does not raise the noise.</source>
        <translation>proper: FWHM aller Sterne im Stack in px; auto: die kleinste, die das Rauschen nicht erhöht.</translation>
    </message>
    <message>
        <source>drizzle: output pixels per input pixel along each axis.</source>
        <translation>drizzle: Ausgabepixel pro Eingabepixel entlang jeder Achse.</translation>
    </message>
    <message>
        <source>drizzle: size of a drop as a fraction of the input pixel.</source>
        <translation>drizzle: Größe eines Tropfens als Anteil des Eingabepixels.</translation>
    </message>
    <message>
        <source>drizzle: kernel; square is exact.</source>
        <translation>drizzle: Kernel; square ist exakt.</translation>
    </message>
    <message>
        <source>Clusters of similar frames, and synthetic frames.</source>
        <translation>Cluster ähnlicher Bilder und synthetische Bilder.</translation>
    </message>
    <message>
        <source>Cluster frames with similar sky conditions and stack one synthetic frame per cluster.</source>
        <translation>Bilder mit ähnlichen Himmelsbedingungen gruppieren und je Cluster ein synthetisches Bild stacken.</translation>
    </message>
    <message>
        <source>Weights in synthetic frames: one per frame (global) or one per tile.</source>
        <translation>Gewichte in synthetischen Bildern: eines je Bild (global) oder je Kachel.</translation>
    </message>
    <message>
        <source>Weight of a synthetic frame: by its information or by its quality.</source>
        <translation>Gewicht eines synthetischen Bildes: nach seiner Information oder seiner Qualität.</translation>
    </message>
    <message>
        <source>quality: largest weight as a multiple of the median weight.</source>
        <translation>quality: größtes Gewicht als Vielfaches des Medians der Gewichte.</translation>
    </message>
    <message>
        <source>Seed of the random numbers; the same seed gives the same clusters.</source>
        <translation>Startwert der Zufallszahlen; derselbe Startwert ergibt dieselben Cluster.</translation>
    </message>
    <message>
        <source>When and how CFA frames are debayered.</source>
        <translation>Wann und wie CFA-Bilder debayert werden.</translation>
    </message>
    <message>
        <source>last: stack the CFA mosaic, debayer once. first: debayer each frame. superpixel: each 2x2 cell becomes a pixel. none: the stack stays a CFA mosaic.</source>
        <translation>last: das CFA-Mosaik stacken, einmal debayern. first: jedes Bild debayern. superpixel: jede 2x2-Zelle wird ein Pixel. none: der Stack bleibt ein CFA-Mosaik.</translation>
    </message>
    <message>
        <source>Debayer algorithm; superpixel halves the size, siril uses the RCD of Siril.</source>
        <translation>Debayer-Algorithmus; superpixel halbiert die Größe, siril verwendet RCD von Siril.</translation>
    </message>
    <message>
        <source>Plate solving of the stack, and the checks of its solution.</source>
        <translation>Plate-Solving des Stacks und Prüfung der Lösung.</translation>
    </message>
    <message>
        <source>Plate solver; auto tries the installed solvers that have a star catalog.</source>
        <translation>Plate-Solver; auto versucht die installierten Solver, die einen Sternkatalog haben.</translation>
    </message>
    <message>
        <source>Right ascension of the field in degrees; None: from the header or the object.</source>
        <translation>Rektaszension des Feldes in Grad; leer: aus dem Header oder vom Objekt.</translation>
    </message>
    <message>
        <source>Pixel scale of the stack in arcsec/px; None: from focal length and pixel size.</source>
        <translation>Abbildungsmaßstab des Stacks in Bogensekunden/px; leer: aus Brennweite und Pixelgröße.</translation>
    </message>
    <message>
        <source>Focal length in mm, if the header has none or a wrong one.</source>
        <translation>Brennweite in mm, wenn sie im Header fehlt oder falsch ist.</translation>
    </message>
    <message>
        <source>Pixel size of the stack in micrometres, if the header has none.</source>
        <translation>Pixelgröße des Stacks in Mikrometern, wenn sie im Header fehlt.</translation>
    </message>
    <message>
        <source>First search radius around the expected position in degrees.</source>
        <translation>Erster Suchradius um die erwartete Position in Grad.</translation>
    </message>
    <message>
        <source>Largest search radius in degrees before the whole sky is searched.</source>
        <translation>Größter Suchradius in Grad, bevor der ganze Himmel abgesucht wird.</translation>
    </message>
    <message>
        <source>Search the whole sky if the expected position is wrong or unknown.</source>
        <translation>Den ganzen Himmel absuchen, wenn die erwartete Position falsch oder unbekannt ist.</translation>
    </message>
    <message>
        <source>Describe optical distortion with SIP polynomials.</source>
        <translation>Optische Verzeichnung mit SIP-Polynomen beschreiben.</translation>
    </message>
    <message>
        <source>Fewest detected stars for which a solver is started.</source>
        <translation>Mindestzahl erkannter Sterne, ab der ein Solver gestartet wird.</translation>
    </message>
    <message>
        <source>Largest rms distance of stars from their catalog positions in px.</source>
        <translation>Größter RMS-Abstand der Sterne von ihren Katalogpositionen in px.</translation>
    </message>
    <message>
        <source>Time limit for one attempt of a solver in seconds.</source>
        <translation>Zeitlimit für einen Versuch eines Solvers in Sekunden.</translation>
    </message>
    <message>
        <source>Time in seconds after which no further search is started.</source>
        <translation>Zeit in Sekunden, nach der keine weitere Suche begonnen wird.</translation>
    </message>
    <message>
        <source>Attempts with a solver that crashes or times out before the next solver is tried.</source>
        <translation>Versuche mit einem Solver, der abstürzt oder das Zeitlimit überschreitet, bevor der nächste versucht wird.</translation>
    </message>
    <message>
        <source>Pause before the second attempt in seconds; doubled before each further one.</source>
        <translation>Pause vor dem zweiten Versuch in Sekunden; vor jedem weiteren verdoppelt.</translation>
    </message>
    <message>
        <source>Largest number of instances of one solver running at the same time.</source>
        <translation>Größte Zahl gleichzeitig laufender Instanzen eines Solvers.</translation>
    </message>
    <message>
        <source>Shortest time between two starts of a solver in seconds.</source>
        <translation>Kürzeste Zeit zwischen zwei Starts eines Solvers in Sekunden.</translation>
    </message>
    <message>
        <source>Star catalog (Parquet, CSV, FITS) used to verify the solution.</source>
        <translation>Sternkatalog (Parquet, CSV, FITS), mit dem die Lösung geprüft wird.</translation>
    </message>
    <message>
        <source>Path of astap_cli; None looks in ASTAP_EXE, PATH and the usual folders.</source>
        <translation>Pfad von astap_cli; leer: Suche in ASTAP_EXE, PATH und den üblichen Ordnern.</translation>
    </message>
    <message>
        <source>Folder of the ASTAP star databases.</source>
        <translation>Ordner der Sterndatenbanken von ASTAP.</translation>
    </message>
    <message>
        <source>ASTAP database, such as d50; None: the deepest suitable one.</source>
        <translation>ASTAP-Datenbank, etwa d50; leer: die tiefste geeignete.</translation>
    </message>
    <message>
        <source>Local Gaia catalog of Siril; None: as set in Siril.</source>
        <translation>Lokaler Gaia-Katalog von Siril; leer: wie in Siril eingestellt.</translation>
    </message>
    <message>
        <source>Path of solve-field (astrometry.net); None looks on PATH.</source>
        <translation>Pfad von solve-field (astrometry.net); leer: Suche in PATH.</translation>
    </message>
    <message>
        <source>Folder of the astrometry.net index files.</source>
        <translation>Ordner der Indexdateien von astrometry.net.</translation>
    </message>
    <message>
        <source>Background extraction: removes gradients, preserves star fluxes and nebulae.</source>
        <translation>Hintergrundextraktion: entfernt Gradienten, bewahrt Sternflüsse und Nebel.</translation>
    </message>
    <message>
        <source>Remove the sky gradient.</source>
        <translation>Den Himmelsgradienten entfernen.</translation>
    </message>
    <message>
        <source>auto: the autotune chooses one of the four native methods; siril: subsky of Siril; graxpert: the GraXpert command line.</source>
        <translation>auto: die automatische Abstimmung wählt eine der vier eigenen Methoden; siril: subsky von Siril; graxpert: die Kommandozeile von GraXpert.</translation>
    </message>
    <message>
        <source>Order of the polynomial (siril too); starting point of the autotune.</source>
        <translation>Grad des Polynoms (auch siril); Startwert der automatischen Abstimmung.</translation>
    </message>
    <message>
        <source>Smoothing (lambda) of spline and rbf (graxpert: 0 to 1).</source>
        <translation>Glättung (Lambda) von spline und rbf (graxpert: 0 bis 1).</translation>
    </message>
    <message>
        <source>mesh: range of a node in cells.</source>
        <translation>mesh: Reichweite eines Knotens in Zellen.</translation>
    </message>
    <message>
        <source>Quantile of the source-free pixels from which the sky level of a tile is estimated.</source>
        <translation>Quantil der quellenfreien Pixel, aus dem das Himmelsniveau einer Kachel geschätzt wird.</translation>
    </message>
    <message>
        <source>Choose order or smoothing by cross-validation.</source>
        <translation>Grad oder Glättung durch Kreuzvalidierung wählen.</translation>
    </message>
    <message>
        <source>Largest number of candidates that the autotune tries.</source>
        <translation>Größte Zahl der Kandidaten, die die automatische Abstimmung versucht.</translation>
    </message>
    <message>
        <source>Autotune: weight of the residual.</source>
        <translation>Automatische Abstimmung: Gewicht des Residuums.</translation>
    </message>
    <message>
        <source>Autotune: weight of the roughness of the model.</source>
        <translation>Automatische Abstimmung: Gewicht der Rauheit des Modells.</translation>
    </message>
    <message>
        <source>Largest scatter in mmag that background extraction may add to star flux ratios.</source>
        <translation>Größte Streuung in mmag, die die Hintergrundextraktion den Flussverhältnissen der Sterne hinzufügen darf.</translation>
    </message>
    <message>
        <source>Subtract only what can be a gradient: a model that may follow a nebula or a galaxy is replaced by a plane, or nothing is subtracted. False: always subtract the chosen model. Native methods only.</source>
        <translation>Nur abziehen, was ein Gradient sein kann: Ein Modell, das einem Nebel oder einer Galaxie folgen könnte, wird durch eine Ebene ersetzt, oder es wird nichts abgezogen. False: immer das gewählte Modell abziehen. Nur eigene Verfahren.</translation>
    </message>
    <message>
        <source>Path of GraXpert; None looks in GRAXPERT, PATH and the usual folders.</source>
        <translation>Pfad von GraXpert; leer: Suche in GRAXPERT, PATH und den üblichen Ordnern.</translation>
    </message>
    <message>
        <source>Time limit for an external program in seconds.</source>
        <translation>Zeitlimit für ein externes Programm in Sekunden.</translation>
    </message>
    <message>
        <source>Photometric colour calibration: channel gains from star colours.</source>
        <translation>Photometrische Farbkalibrierung: Faktoren der Kanäle aus Sternfarben.</translation>
    </message>
    <message>
        <source>Calibrate colours with stars.</source>
        <translation>Die Farben mit Sternen kalibrieren.</translation>
    </message>
    <message>
        <source>auto: a catalog if there is a WCS, otherwise the mean colour of the stars; catalog: only a catalog; siril_*: pcc or spcc of Siril.</source>
        <translation>auto: ein Katalog, wenn ein WCS vorhanden ist, sonst die mittlere Farbe der Sterne; catalog: nur ein Katalog; siril_*: pcc oder spcc von Siril.</translation>
    </message>
    <message>
        <source>Separate H-alpha and [O III] of a colour camera instead of calibrating its colours; auto: if the filter in the headers is a dual-band filter.</source>
        <translation>H-Alpha und [O III] einer Farbkamera trennen, statt ihre Farben zu kalibrieren; auto: wenn der Filter in den Headern ein Dualband-Filter ist.</translation>
    </message>
    <message>
        <source>Names of catalog columns, e.g. {ra: RA_deg, B: blue, V: visual}.</source>
        <translation>Namen der Katalogspalten, z. B. {ra: RA_deg, B: blue, V: visual}.</translation>
    </message>
    <message>
        <source>Without a catalog query Gaia DR3 online (needs astroquery).</source>
        <translation>Ohne Katalog Gaia DR3 online abfragen (benötigt astroquery).</translation>
    </message>
    <message>
        <source>White reference: a spectral type, or an average spiral galaxy.</source>
        <translation>Weißreferenz: ein Spektraltyp oder eine mittlere Spiralgalaxie.</translation>
    </message>
    <message>
        <source>Estimate of the local sky of a star.</source>
        <translation>Schätzung des lokalen Himmels eines Sterns.</translation>
    </message>
    <message>
        <source>Effective wavelengths of red, green and blue of the sensor in nm.</source>
        <translation>Effektive Wellenlängen von Rot, Grün und Blau des Sensors in nm.</translation>
    </message>
    <message>
        <source>With fewer usable stars the image is left unchanged.</source>
        <translation>Mit weniger brauchbaren Sternen bleibt das Bild unverändert.</translation>
    </message>
    <message>
        <source>Largest residual of the stars in mag.</source>
        <translation>Größtes Residuum der Sterne in mag.</translation>
    </message>
    <message>
        <source>Largest accepted gain; its inverse is the smallest.</source>
        <translation>Größter zulässiger Faktor; sein Kehrwert ist der kleinste.</translation>
    </message>
    <message>
        <source>siril_pcc: local Gaia file (gaia_astrometric.dat); None: as set in Siril.</source>
        <translation>siril_pcc: lokale Gaia-Datei (gaia_astrometric.dat); leer: wie in Siril eingestellt.</translation>
    </message>
    <message>
        <source>Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); None: as set in Siril.</source>
        <translation>Ordner der Sternspektren (siril_cat1_healpix8_xpsamp_*.dat); leer: wie in Siril eingestellt.</translation>
    </message>
    <message>
        <source>Folder siril-spcc-database; None: as set in Siril.</source>
        <translation>Ordner siril-spcc-database; leer: wie in Siril eingestellt.</translation>
    </message>
    <message>
        <source>Colour or mono sensor; None: the camera named in the header, if the database has it.</source>
        <translation>Farb- oder Monosensor; leer: die Kamera aus dem Header, wenn die Datenbank sie enthält.</translation>
    </message>
    <message>
        <source>Filter in front of a colour sensor.</source>
        <translation>Filter vor einem Farbsensor.</translation>
    </message>
    <message>
        <source>Wavelength and bandwidth in nm shown as red, green and blue, instead of filters.</source>
        <translation>Wellenlänge und Bandbreite in nm, die als Rot, Grün und Blau gezeigt werden, statt Filtern.</translation>
    </message>
    <message>
        <source>White reference, as named by spcc of Siril.</source>
        <translation>Weißreferenz, wie spcc von Siril sie nennt.</translation>
    </message>
    <message>
        <source>Limits of the final checks; a run that exceeds one ends as validation_failed and keeps its products.</source>
        <translation>Grenzwerte der abschließenden Prüfungen; ein Lauf, der einen überschreitet, endet als validation_failed und behält seine Produkte.</translation>
    </message>
    <message>
        <source>Largest FWHM relative to the plain mean.</source>
        <translation>Größte FWHM im Verhältnis zum einfachen Mittelwert.</translation>
    </message>
    <message>
        <source>Largest noise in 4 px squares relative to the plain mean.</source>
        <translation>Größtes Rauschen in 4-px-Quadraten im Verhältnis zum einfachen Mittelwert.</translation>
    </message>
    <message>
        <source>Largest step across tile borders in units of the noise.</source>
        <translation>Größter Sprung an Kachelgrenzen in Einheiten des Rauschens.</translation>
    </message>
    <message>
        <source>Largest scatter of star fluxes against the plain mean in mag.</source>
        <translation>Größte Streuung der Sternflüsse gegenüber dem einfachen Mittelwert in mag.</translation>
    </message>
    <message>
        <source>Largest drift of star fluxes over the field against the plain mean in mag.</source>
        <translation>Größte Drift der Sternflüsse über das Feld gegenüber dem einfachen Mittelwert in mag.</translation>
    </message>
    <message>
        <source>Smallest fraction of the information on point sources that is kept.</source>
        <translation>Kleinster Anteil der Information über Punktquellen, der erhalten bleibt.</translation>
    </message>
    <message>
        <source>Smallest fraction of the information on extended sources that is kept.</source>
        <translation>Kleinster Anteil der Information über ausgedehnte Quellen, der erhalten bleibt.</translation>
    </message>
    <message>
        <source>Smallest number of effective frames (sum w)^2 / sum w^2 of a tile, as a fraction of the frames there.</source>
        <translation>Kleinste Zahl der effektiven Bilder (Summe w)^2 / Summe w^2 einer Kachel, als Anteil der dortigen Bilder.</translation>
    </message>
    <message>
        <source>Which files are written. Settings of previews never change the linear products.</source>
        <translation>Welche Dateien geschrieben werden. Einstellungen der Vorschau ändern nie die linearen Produkte.</translation>
    </message>
    <message>
        <source>How the stacks of several filters are combined: auto (LRGB, RGB, SHO or HOO), none, HSO ..., or a linear combination for R, G and B.</source>
        <translation>Wie die Stacks mehrerer Filter kombiniert werden: auto (LRGB, RGB, SHO oder HOO), none, HSO ... oder eine Linearkombination für R, G und B.</translation>
    </message>
    <message>
        <source>Write stretched pictures: preview.png and preview.tif.</source>
        <translation>Gestreckte Bilder schreiben: preview.png und preview.tif.</translation>
    </message>
    <message>
        <source>Use one stretch for all channels; always the case after colour calibration.</source>
        <translation>Eine gemeinsame Streckung für alle Kanäle verwenden; nach einer Farbkalibrierung immer.</translation>
    </message>
    <message>
        <source>White balance of a preview without colour calibration. background: neutral sky; bayer: also a neutral mean above the sky.</source>
        <translation>Weißabgleich einer Vorschau ohne Farbkalibrierung. background: neutraler Himmel; bayer: auch ein neutraler Mittelwert über dem Himmel.</translation>
    </message>
    <message>
        <source>With a WCS, also write a picture with grid and object names.</source>
        <translation>Mit einem WCS auch ein Bild mit Gitter und Objektnamen schreiben.</translation>
    </message>
    <message>
        <source>Strength of green noise removal (SCNR): 0 none, 1 full.</source>
        <translation>Stärke der Grünrauschentfernung (SCNR): 0 keine, 1 volle.</translation>
    </message>
    <message>
        <source>Colour saturation; 1 leaves it unchanged.</source>
        <translation>Farbsättigung; 1 lässt sie unverändert.</translation>
    </message>
    <message>
        <source>Colour matrix: mild or vivid colours, duo_band filters, or a 3x3 matrix whose rows add up to 1.</source>
        <translation>Farbmatrix: dezente (mild) oder kräftige (vivid) Farben, Filter duo_band oder eine 3x3-Matrix, deren Zeilen die Summe 1 haben.</translation>
    </message>
    <message>
        <source>Write variance.fits: the variance of each pixel.</source>
        <translation>variance.fits schreiben: die Varianz jedes Pixels.</translation>
    </message>
    <message>
        <source>Write coverage.fits: the number of frames at each pixel.</source>
        <translation>coverage.fits schreiben: die Zahl der Bilder an jedem Pixel.</translation>
    </message>
    <message>
        <source>With several nights, also write a stack of each night on the same canvas.</source>
        <translation>Bei mehreren Nächten auch einen Stack jeder Nacht auf derselben Bildfläche schreiben.</translation>
    </message>
    <message>
        <source>Write another copy of the final linear image for other programs, outputs/export.fits: integers in ADU, or floating point with 1.0 = 65535 ADU.</source>
        <translation>Das fertige lineare Bild zusätzlich für andere Programme schreiben, outputs/export.fits: ganze Zahlen in ADU, oder Gleitkommazahlen mit 1,0 = 65535 ADU.</translation>
    </message>
    <message>
        <source>Where the colours are in export.fits: first (3, rows, columns) or last (rows, columns, 3), as numpy reads it.</source>
        <translation>Wo die Farben in export.fits stehen: zuerst (3, Zeilen, Spalten) oder zuletzt (Zeilen, Spalten, 3), wie numpy die Datei liest.</translation>
    </message>
    <message>
        <source>Write the final linear image as a HiPS for sky atlases, outputs/hips; needs a WCS and the package reproject (docs/MOSAICS.md).</source>
        <translation>Das fertige lineare Bild als HiPS für Himmelsatlanten schreiben, outputs/hips; braucht ein WCS und das Paket reproject (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Write the stack of each panel of a mosaic, cropped to the panel: outputs/master_tiles (docs/MOSAICS.md).</source>
        <translation>Den Stack jedes Feldes eines Mosaiks schreiben, auf das Feld beschnitten: outputs/master_tiles (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Write outputs/stack_plan.csv: the lights with their panels, to be edited and given as selection.frames.</source>
        <translation>outputs/stack_plan.csv schreiben: die Lights mit ihren Feldern, zum Bearbeiten und Angeben als selection.frames.</translation>
    </message>
    <message>
        <source>Write the calibrated lights and their registration for Siril: outputs/calibrated (docs/FORMATS.md).</source>
        <translation>Die kalibrierten Lights und ihre Registrierung für Siril schreiben: outputs/calibrated (docs/FORMATS.md).</translation>
    </message>
    <message>
        <source>Write the synthetic frames of clustering: outputs/synthetic.</source>
        <translation>Die synthetischen Frames der Cluster schreiben: outputs/synthetic.</translation>
    </message>
    <message>
        <source>Write the registered lights, on the pixels of the stack: outputs/registered.</source>
        <translation>Die registrierten Lights schreiben, auf den Pixeln des Stacks: outputs/registered.</translation>
    </message>
    <message>
        <source>Write artifacts/report.html, report.json and report.md at the end of the run.</source>
        <translation>Am Ende des Laufs artifacts/report.html, report.json und report.md schreiben.</translation>
    </message>
    <message>
        <source>Memory, cores, cache and kept files.</source>
        <translation>Speicher, Kerne, Cache und aufbewahrte Dateien.</translation>
    </message>
    <message>
        <source>&quot;auto&quot; (half of the free memory) or a size such as &quot;4 GiB&quot;.</source>
        <translation>„auto“ (die Hälfte des freien Speichers) oder eine Größe wie „4 GiB“.</translation>
    </message>
    <message>
        <source>Number of workers; 0: all cores.</source>
        <translation>Zahl der Arbeitsprozesse oder -threads; 0: alle Kerne.</translation>
    </message>
    <message>
        <source>How work is spread over workers; the result is the same.</source>
        <translation>Wie die Arbeit verteilt wird; das Ergebnis ist dasselbe.</translation>
    </message>
    <message>
        <source>gpu: warp, mean and co-addition with CuPy; without a GPU the CPU is used and a warning is shown.</source>
        <translation>gpu: Transformation, Mittelwert und Koaddition mit CuPy; ohne GPU wird die CPU verwendet und eine Warnung gezeigt.</translation>
    </message>
    <message>
        <source>Address of a Dask scheduler (tcp://host:8786); None starts a local cluster.</source>
        <translation>Adresse eines Dask-Schedulers (tcp://host:8786); leer: ein lokaler Cluster wird gestartet.</translation>
    </message>
    <message>
        <source>Keep measurements, transforms and masters in a cache beside the runs, for later runs of the session.</source>
        <translation>Messungen, Transformationen und Master in einem Cache neben den Läufen für spätere Läufe der Session aufbewahren.</translation>
    </message>
    <message>
        <source>Rebuild everything in the cache.</source>
        <translation>Alles im Cache neu erstellen.</translation>
    </message>
    <message>
        <source>Largest size of the cache; the least recently used entries are deleted first.</source>
        <translation>Größte Größe des Caches; die am längsten nicht verwendeten Einträge werden zuerst gelöscht.</translation>
    </message>
    <message>
        <source>Keep the arrays of the stack, so that `resume --from-phase STACKING` does not have to reconstruct it.</source>
        <translation>Die Arrays des Stacks behalten, damit `resume --from-phase STACKING` ihn nicht neu rekonstruieren muss.</translation>
    </message>
    <message>
        <source>While a run works, report the measurements of its frames as events, and draw their mean so far: artifacts/growing.png. The window sets this.</source>
        <translation>Während ein Lauf arbeitet, die Messungen seiner Bilder als Ereignisse melden und ihren bisherigen Mittelwert zeichnen: artifacts/growing.png. Das Fenster setzt dies.</translation>
    </message>
    <message>
        <source>Filter of each channel, such as {R: Red, G: Green, B: Blue, L: Lum}; empty: all filters, with their usual letters.</source>
        <translation>Filter jedes Kanals, etwa {R: Red, G: Green, B: Blue, L: Lum}; leer: alle Filter mit ihren üblichen Buchstaben.</translation>
    </message>
    <message>
        <source>Palette of the channels: RGB, LRGB, SHO, HOO ..., or a linear combination for R, G and B.</source>
        <translation>Palette der Kanäle: RGB, LRGB, SHO, HOO ... oder eine Linearkombination für R, G und B.</translation>
    </message>
    <message>
        <source>Name of the image of all nights.</source>
        <translation>Name des Bildes aller Nächte.</translation>
    </message>
    <message>
        <source>Name of the image of one night.</source>
        <translation>Name des Bildes einer Nacht.</translation>
    </message>
    <message>
        <source>Name of the image of one filter.</source>
        <translation>Name des Bildes eines Filters.</translation>
    </message>
    <message>
        <source>bottomup: the first row of the file is the lowest, as after mirrorx -bottomup of Siril.</source>
        <translation>bottomup: die erste Zeile der Datei ist die unterste, wie nach mirrorx -bottomup von Siril.</translation>
    </message>
    <message>
        <source>For broadband channels, also write an image with calibrated colours.</source>
        <translation>Bei Breitbandkanälen auch ein Bild mit kalibrierten Farben schreiben.</translation>
    </message>
    <message>
        <source>2-pass finds the best reference first.</source>
        <translation>2-pass sucht zuerst das beste Referenzbild.</translation>
    </message>
    <message>
        <source>Store more than pack_above frames in one file: systems limit the number of open files. auto: fitseq.</source>
        <translation>Mehr als pack_above Bilder in einer Datei speichern: Betriebssysteme begrenzen die Zahl offener Dateien. auto: fitseq.</translation>
    </message>
    <message>
        <source>Compression of intermediate frames; off with drizzle, which cannot read them.</source>
        <translation>Komprimierung der Zwischenbilder; aus bei Drizzle, das sie nicht lesen kann.</translation>
    </message>
    <message>
        <source>Compress the result too; with a quantization above 0 that is lossy.</source>
        <translation>Auch das Ergebnis komprimieren; bei einer Quantisierung über 0 verlustbehaftet.</translation>
    </message>
    <message>
        <source>Copy the raw frames instead of linking to them.</source>
        <translation>Die Rohbilder kopieren, statt auf sie zu verweisen.</translation>
    </message>
    <message>
        <source>Faint extended light: weights by signal to noise only, regardless of seeing.</source>
        <translation>Schwaches ausgedehntes Licht: Gewichte nur nach dem Signal-Rausch-Verhältnis, unabhängig vom Seeing.</translation>
    </message>
    <message>
        <source>Most information on stars: weights by inverse variance and local seeing.</source>
        <translation>Meiste Information über Sterne: Gewichte nach inverser Varianz und lokalem Seeing.</translation>
    </message>
    <message>
        <source>A mosaic: the frames of all panels on one canvas, also where only their positions in the headers connect them.</source>
        <translation>Ein Mosaik: die Bilder aller Felder auf einer Fläche, auch wo nur ihre Positionen zeigen, dass sie zusammengehören.</translation>
    </message>
    <message>
        <source>The Tile-Compile method: quality weights, clusters of similar frames, synthetic frames.</source>
        <translation>Die Tile-Compile-Methode: Qualitätsgewichte, Cluster ähnlicher Bilder, synthetische Bilder.</translation>
    </message>
    <message>
        <source>A quick look: half-size colour, no local weights.</source>
        <translation>Schneller Überblick: Farbe in halber Größe, keine lokalen Gewichte.</translation>
    </message>
    <message>
        <source>Measurements: linear pixels with their variance, co-added with the PSF of each frame; no sky is subtracted.</source>
        <translation>Messungen: lineare Pixel mit ihrer Varianz, mit der PSF jedes Bildes addiert; kein Himmel wird abgezogen.</translation>
    </message>
    <message>
        <source>The sharpest frames dominate; for bright targets with many frames.</source>
        <translation>Die schärfsten Bilder überwiegen; für helle Objekte mit vielen Bildern.</translation>
    </message>
    <message>
        <source>Threshold of hot pixels in the master dark, in sigma of one light.</source>
        <translation>Schwelle für heiße Pixel im Master-Dark, in Sigma eines Lights.</translation>
    </message>
    <message>
        <source>Use only lights of this field of the sky: its name or number, as scan lists them; all: take the lights for one field, whatever their headers give as positions.</source>
        <translation>Nur Lights dieses Feldes am Himmel verwenden: sein Name oder seine Nummer, wie scan sie angibt; all: die Lights als ein Feld nehmen, welche Positionen ihre Header auch angeben.</translation>
    </message>
    <message>
        <source>Threshold of cold pixels in the master dark, in sigma of one light.</source>
        <translation>Schwelle für kalte Pixel im Master-Dark, in Sigma eines Lights.</translation>
    </message>
    <message>
        <source>Alignment to the reference frame.</source>
        <translation>Registrierung auf das Referenzbild.</translation>
    </message>
    <message>
        <source>Transform model; auto starts with a similarity and takes a more general model where the stars require it; integer shifts by whole pixels (by two on a CFA mosaic) without interpolation.</source>
        <translation>Transformationsmodell; auto beginnt mit einer Ähnlichkeit und nimmt ein allgemeineres Modell, wo die Sterne es erfordern; integer verschiebt um ganze Pixel (um zwei auf einem CFA-Mosaik) ohne Interpolation.</translation>
    </message>
    <message>
        <source>auto detects it from the field rotation; alt_az with large rotation enlarges the canvas.</source>
        <translation>auto erkennt sie an der Bildfeldrotation; alt_az vergrößert bei starker Rotation die Bildfläche.</translation>
    </message>
    <message>
        <source>The same for a mosaic of several panels; None: what disk and memory have room for.</source>
        <translation>Dasselbe für ein Mosaik aus mehreren Feldern; None: so groß, wie auf dem Datenträger und im Speicher Platz ist.</translation>
    </message>
    <message>
        <source>crop: coverage: fraction of the information of all frames that the frames covering a pixel must have.</source>
        <translation>crop: coverage: Anteil an der Information aller Bilder, den die Bilder, die ein Pixel überdecken, haben müssen.</translation>
    </message>
    <message>
        <source>Position and projection of a mosaic on the sky.</source>
        <translation>Lage und Projektion eines Mosaiks am Himmel.</translation>
    </message>
    <message>
        <source>Lights that are plate solved before a mosaic is registered, if a solver and a star catalog are installed: one for each pointing, all, or none. Catalog stars then determine scale, orientation, lens and position.</source>
        <translation>Lights, deren Lage durch Plate-Solving bestimmt wird, bevor ein Mosaik registriert wird, wenn ein Solver und ein Sternkatalog installiert sind: eines für jede Ausrichtung, alle oder keines. Katalogsterne bestimmen dann Maßstab, Orientierung, Objektiv und Lage.</translation>
    </message>
    <message>
        <source>auto: the plane of the reference, or STG if its position is known and the field is wider than 20 degrees; TAN or STG if another setting of this section is changed. none: always the plane of the reference.</source>
        <translation>auto: die Ebene der Referenz, oder STG, wenn ihre Lage bekannt und das Feld breiter als 20 Grad ist; TAN oder STG, wenn eine andere Einstellung dieses Abschnitts geändert ist. none: immer die Ebene der Referenz.</translation>
    </message>
    <message>
        <source>Transparency and sky of each frame.</source>
        <translation>Transparenz und Himmel jedes Bildes.</translation>
    </message>
    <message>
        <source>Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</source>
        <translation>Kachelraster: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</translation>
    </message>
    <message>
        <source>Tile size in FWHM.</source>
        <translation>Kachelgröße in FWHM.</translation>
    </message>
    <message>
        <source>Smallest tile in px.</source>
        <translation>Kleinste Kachel in px.</translation>
    </message>
    <message>
        <source>Weight of low noise.</source>
        <translation>Gewicht geringen Rauschens.</translation>
    </message>
    <message>
        <source>G = exp(exponent * clip(Q, -3, 3)).</source>
        <translation>G = exp(exponent * clip(Q, -3, 3)).</translation>
    </message>
    <message>
        <source>Keep only the lights in this frame list, one file name per line, or in this stack plan (.csv), which also names their panels (docs/MOSAICS.md).</source>
        <translation>Nur die Lights dieser Liste behalten, ein Dateiname pro Zeile, oder dieses Stapelplans (.csv), der auch ihre Felder nennt (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. drizzle: for dithered, undersampled frames; mosaics without demosaicing.</source>
        <translation>mean: gewichteter Mittelwert mit Kachelgewichten. proper: Koaddition mit der PSF jedes Bildes und jeder Kachel. drizzle: für geditherte, unterabgetastete Bilder; CFA-Mosaike ohne Debayern.</translation>
    </message>
    <message>
        <source>quality: steepness of the weight.</source>
        <translation>quality: Steilheit des Gewichts.</translation>
    </message>
    <message>
        <source>CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; None looks in ORCHESTRATE_STAR_CATALOG.</source>
        <translation>CSV, ECSV, FITS oder Parquet mit ra, dec und Magnituden in zwei Bändern; leer: Suche in ORCHESTRATE_STAR_CATALOG.</translation>
    </message>
    <message>
        <source>Low-pass filter of a DSLR.</source>
        <translation>Tiefpassfilter einer DSLR.</translation>
    </message>
    <message>
        <source>Filters of a mono sensor: red, green, blue.</source>
        <translation>Filter eines Monosensors: Rot, Grün, Blau.</translation>
    </message>
    <message>
        <source>Declination of the field in degrees.</source>
        <translation>Deklination des Feldes in Grad.</translation>
    </message>
    <message>
        <source>ASTAP: bin the image before detection; 0 lets ASTAP choose.</source>
        <translation>ASTAP: das Bild vor der Erkennung binnen; 0: ASTAP wählt selbst.</translation>
    </message>
    <message>
        <source>Robust loss of the fits (IRLS).</source>
        <translation>Robuste Verlustfunktion der Anpassungen (IRLS).</translation>
    </message>
    <message>
        <source>Radial basis function.</source>
        <translation>Radiale Basisfunktion.</translation>
    </message>
    <message>
        <source>siril: radial basis functions instead of a polynomial.</source>
        <translation>siril: radiale Basisfunktionen statt eines Polynoms.</translation>
    </message>
    <message>
        <source>natural: a dark neutral sky without colour noise; autostretch: as in Siril; asinh preserves star colours; two_stage: asinh, then one curve for sky and contrast.</source>
        <translation>natural: ein dunkler, neutraler Himmel ohne Farbrauschen; autostretch: wie in Siril; asinh bewahrt die Sternfarben; two_stage: asinh, dann eine Kurve für Himmel und Kontrast.</translation>
    </message>
    <message>
        <source>Keep the scratch folder work/ of a finished run.</source>
        <translation>Den Arbeitsordner work/ eines fertigen Laufs behalten.</translation>
    </message>
</context>
</TS>
