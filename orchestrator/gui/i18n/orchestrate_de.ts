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
        <source>Magnitude, {0}</source>
        <translation>Magnitude, {0}</translation>
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
        <source>Click on the image, or press Enter there for the middle of the view.</source>
        <translation>Klicken Sie auf das Bild, oder drücken Sie dort Enter für die Mitte der Ansicht.</translation>
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
        <source>Siril&apos;s stack {0}</source>
        <translation>Sirils Stack {0}</translation>
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
        <source>Effect: {0}</source>
        <translation>Wirkung: {0}</translation>
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
        <source>{count} of {all_chunks} chunks of the sky, {value} stars</source>
        <translation>{count} von {all_chunks} Himmelsteilen, {value} Sterne</translation>
    </message>
    <message>
        <source>{count} stars to magnitude {mag}</source>
        <translation>{count} Sterne bis Magnitude {mag}</translation>
    </message>
    <message>
        <source>{database} (.{format}), up to {density} stars per square degree</source>
        <translation>{database} (.{format}), bis zu {density} Sterne pro Quadratgrad</translation>
    </message>
    <message>
        <source>ASTAP and faster-astap, fields up to {widest_field} deg</source>
        <translation>ASTAP und faster-astap, Felder bis {widest_field} Grad</translation>
    </message>
    <message>
        <source>{count} colour and {count2} mono sensors, {count3} whites</source>
        <translation>{count} Farb- und {count2} Mono-Sensoren, {count3} Weißreferenzen</translation>
    </message>
    <message>
        <source>{count} index files, {size} MiB</source>
        <translation>{count} Indexdateien, {size} MiB</translation>
    </message>
    <message>
        <source>Name a column, e.g. --column B-V=colour.</source>
        <translation>Nennen Sie eine Spalte, z. B. --column B-V=colour.</translation>
    </message>
    <message>
        <source>For trials, --synthetic uses black bodies of the colours.</source>
        <translation>Für Versuche nimmt --synthetic Schwarzkörper der Farben.</translation>
    </message>
    <message>
        <source>Raise --limit.</source>
        <translation>Erhöhen Sie --limit.</translation>
    </message>
    <message>
        <source>Choose another --folder, or free some space.</source>
        <translation>Wählen Sie einen anderen --folder, oder schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>{table} has no colours for black bodies.</source>
        <translation>{table} hat keine Farben für Schwarzkörper.</translation>
    </message>
    <message>
        <source>{table} has no sampled spectra: a column flux with {samples} values per star (336 to 1020 nm, W m-2 nm-1), as in the Gaia archive.</source>
        <translation>{table} hat keine abgetasteten Spektren: eine Spalte flux mit {samples} Werten pro Stern (336 bis 1020 nm, W m-2 nm-1) wie im Gaia-Archiv.</translation>
    </message>
    <message>
        <source>Gaia format, {stars} stars</source>
        <translation>Gaia-Format, {stars} Sterne</translation>
    </message>
    <message>
        <source>{table} has no star to magnitude {limit}.</source>
        <translation>{table} hat keinen Stern bis Magnitude {limit}.</translation>
    </message>
    <message>
        <source>{filename} could not be written: {strerror}.</source>
        <translation>{filename} konnte nicht geschrieben werden: {strerror}.</translation>
    </message>
    <message>
        <source>Siril, {kind} of {number} stars</source>
        <translation>Siril, {kind} von {number} Sternen</translation>
    </message>
    <message>
        <source>astrometry.net, quads of {preset} arcmin</source>
        <translation>astrometry.net, Vierecke von {preset} Bogenminuten</translation>
    </message>
    <message>
        <source>Name a FITS image.</source>
        <translation>Geben Sie ein FITS-Bild an.</translation>
    </message>
    <message>
        <source>Give --output FILE.</source>
        <translation>Geben Sie --output DATEI an.</translation>
    </message>
    <message>
        <source>{image} is not a file.</source>
        <translation>{image} ist keine Datei.</translation>
    </message>
    <message>
        <source>{image} is compressed: its header cannot be changed in place.</source>
        <translation>{image} ist komprimiert: Der Header kann nicht in der Datei geändert werden.</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>Wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>{output} could not be written: {strerror}.</source>
        <translation>{output} konnte nicht geschrieben werden: {strerror}.</translation>
    </message>
    <message>
        <source>focal length and pixel size</source>
        <translation>Brennweite und Pixelgröße</translation>
    </message>
    <message>
        <source>WCS in the header</source>
        <translation>WCS im Header</translation>
    </message>
    <message>
        <source>the position is known ({position_from}) but not the scale, which {names} would search for minutes. Set astrometry.scale (--scale, arcsec per pixel), or focal_length and pixel_size.</source>
        <translation>die Position ist bekannt ({position_from}), aber nicht der Maßstab, nach dem {names} minutenlang suchen würde. Setzen Sie astrometry.scale (--scale, Bogensekunden pro Pixel) oder focal_length und pixel_size.</translation>
    </message>
    <message>
        <source>only {count} stars were detected, {min_stars} are needed</source>
        <translation>nur {count} Sterne wurden erkannt, {min_stars} werden gebraucht</translation>
    </message>
    <message>
        <source> If that scale is right, use --scale {other_scale} (astrometry.scale).</source>
        <translation> Wenn dieser Maßstab stimmt, verwenden Sie --scale {other_scale} (astrometry.scale).</translation>
    </message>
    <message>
        <source>the position is not known (scale from: {scale_from}). Set astrometry.ra and dec, or astrometry.blind.</source>
        <translation>die Position ist nicht bekannt (Maßstab aus: {scale_from}). Setzen Sie astrometry.ra und dec, oder astrometry.blind.</translation>
    </message>
    <message>
        <source>within {radius} deg</source>
        <translation>innerhalb von {radius} Grad</translation>
    </message>
    <message>
        <source>{wcs} arcsec/px, {scale} was expected ({scale_from})</source>
        <translation>{wcs} Bogensekunden/px, erwartet waren {scale} ({scale_from})</translation>
    </message>
    <message>
        <source>a solution was refused: {why}</source>
        <translation>eine Lösung wurde abgelehnt: {why}</translation>
    </message>
    <message>
        <source>its scale is {found}, and only {matched} stars confirm it</source>
        <translation>ihr Maßstab ist {found}, und nur {matched} Sterne bestätigen ihn</translation>
    </message>
    <message>
        <source>The scale is {found}: {matched} of {catalog_stars} catalog stars match the image, so the expected scale is wrong. Correct the focal length or pixel size, or set astrometry.scale: {wcs}.</source>
        <translation>Der Maßstab ist {found}: {matched} von {catalog_stars} Katalogsternen passen zum Bild, der erwartete Maßstab ist also falsch. Korrigieren Sie Brennweite oder Pixelgröße, oder setzen Sie astrometry.scale: {wcs}.</translation>
    </message>
    <message>
        <source>The solution by {solver} could not be verified: {why}.</source>
        <translation>Die Lösung von {solver} konnte nicht geprüft werden: {why}.</translation>
    </message>
    <message>
        <source>Plate solving was cancelled.</source>
        <translation>Die Astrometrie wurde abgebrochen.</translation>
    </message>
    <message>
        <source>{other} puts the field {apart} px away</source>
        <translation>{other} setzt das Feld {apart} px daneben</translation>
    </message>
    <message>
        <source>matches of {solver}</source>
        <translation>Zuordnungen von {solver}</translation>
    </message>
    <message>
        <source>stars of {source}</source>
        <translation>Sterne aus {source}</translation>
    </message>
    <message>
        <source>not started after {budget} s (budget)</source>
        <translation>nach {budget} s nicht mehr begonnen (Zeitlimit)</translation>
    </message>
    <message>
        <source>neither position nor scale is known. Set astrometry.ra, dec and scale.</source>
        <translation>weder Position noch Maßstab sind bekannt. Setzen Sie astrometry.ra, dec und scale.</translation>
    </message>
    <message>
        <source>Set the folder that holds these files, or remove the setting.</source>
        <translation>Geben Sie den Ordner mit diesen Dateien an, oder entfernen Sie die Einstellung.</translation>
    </message>
    <message>
        <source>No Gaia catalog for Siril was found.</source>
        <translation>Für Siril wurde kein Gaia-Katalog gefunden.</translation>
    </message>
    <message>
        <source>Install it in Siril, or write one with `orchestrate catalog write`.</source>
        <translation>Installieren Sie ihn in Siril, oder schreiben Sie einen mit `orchestrate catalog write`.</translation>
    </message>
    <message>
        <source>No index files of astrometry.net were found.</source>
        <translation>Es wurden keine Indexdateien von astrometry.net gefunden.</translation>
    </message>
    <message>
        <source>Install some (Debian: astrometry-data-tycho2), or set their folder with astrometry.index_dir.</source>
        <translation>Installieren Sie welche (Debian: astrometry-data-tycho2), oder geben Sie ihren Ordner mit astrometry.index_dir an.</translation>
    </message>
    <message>
        <source>{folder} (astrometry.astap_data) has no star database of ASTAP: no files *.1476 or *.290.</source>
        <translation>{folder} (astrometry.astap_data) enthält keine Sterndatenbank von ASTAP: keine Dateien *.1476 oder *.290.</translation>
    </message>
    <message>
        <source>{folder} (astrometry.index_dir) has no index files of astrometry.net (index*.fits).</source>
        <translation>{folder} (astrometry.index_dir) enthält keine Indexdateien von astrometry.net (index*.fits).</translation>
    </message>
    <message>
        <source>{count} catalog stars in the field and {count2} in the image are too few to compare</source>
        <translation>{count} Katalogsterne im Feld und {count2} im Bild sind zu wenige für einen Vergleich</translation>
    </message>
    <message>
        <source>only {count} of {count2} catalog stars match stars of the image ({chance} expected by chance)</source>
        <translation>nur {count} von {count2} Katalogsternen passen zu Sternen im Bild ({chance} durch Zufall erwartet)</translation>
    </message>
    <message>
        <source>its pixels are not square (ratio {large})</source>
        <translation>ihre Pixel sind nicht quadratisch (Verhältnis {large})</translation>
    </message>
    <message>
        <source>stars are {rms} px (rms) away from their catalog positions, {max_rms} px is allowed</source>
        <translation>Sterne sind {rms} px (RMS) von ihren Katalogpositionen entfernt, {max_rms} px sind erlaubt</translation>
    </message>
    <message>
        <source>its numbers are not finite</source>
        <translation>ihre Zahlen sind nicht endlich</translation>
    </message>
    <message>
        <source>its matrix is singular</source>
        <translation>ihre Matrix ist singulär</translation>
    </message>
    <message>
        <source>Check the disk and the file&apos;s permissions.</source>
        <translation>Prüfen Sie den Datenträger und die Rechte der Datei.</translation>
    </message>
    <message>
        <source>The WCS could not be written to {path}: {strerror}.</source>
        <translation>Das WCS konnte nicht in {path} geschrieben werden: {strerror}.</translation>
    </message>
    <message>
        <source>the lights were calibrated by another program</source>
        <translation>die Lights wurden von einem anderen Programm kalibriert</translation>
    </message>
    <message>
        <source>the {kind} of {one} and {other} place the same stars {systematic} px apart in a part of the field</source>
        <translation>die {kind} {one} und {other} setzen dieselben Sterne in einem Teil des Feldes {systematic} px auseinander</translation>
    </message>
    <message>
        <source>the displacements of {count} panels around a loop (from {first} on) add up to {closure} px</source>
        <translation>die Verschiebungen von {count} Kacheln entlang einer Schleife (ab {first}) summieren sich zu {closure} px</translation>
    </message>
    <message>
        <source>the frames were registered by another program</source>
        <translation>die Bilder wurden von einem anderen Programm registriert</translation>
    </message>
    <message>
        <source>one frame only</source>
        <translation>nur ein Bild</translation>
    </message>
    <message>
        <source>frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>panels</source>
        <translation>Kacheln</translation>
    </message>
    <message>
        <source>If one of the two is moved, they agree to {predicted} px: it is registered to wrong stars. Leave it out with --exclude.</source>
        <translation>Wird eines der beiden verschoben, stimmen sie auf {predicted} px überein: Es ist auf falsche Sterne registriert. Lassen Sie es mit --exclude weg.</translation>
    </message>
    <message>
        <source>The transform does not follow the lens: try --set registration.transform=homography.</source>
        <translation>Die Transformation folgt dem Objektiv nicht: Versuchen Sie --set registration.transform=homography.</translation>
    </message>
    <message>
        <source>One of these panels is registered to wrong stars: look at the picture where they meet, and leave out the frames that are doubled there with --exclude.</source>
        <translation>Eine dieser Kacheln ist auf falsche Sterne registriert: Sehen Sie sich das Bild an, wo sie aneinandergrenzen, und lassen Sie mit --exclude die Bilder weg, die dort doppelt erscheinen.</translation>
    </message>
    <message>
        <source>no two frames share {least_stars} bright stars</source>
        <translation>keine zwei Bilder haben {least_stars} helle Sterne gemeinsam</translation>
    </message>
    <message>
        <source>The transform {model} cannot follow the field: use --set registration.transform=auto.</source>
        <translation>Die Transformation {model} kann dem Feld nicht folgen: Verwenden Sie --set registration.transform=auto.</translation>
    </message>
    <message>
        <source>one half of the frames covers too little of the picture</source>
        <translation>eine Hälfte der Bilder deckt zu wenig vom Bild ab</translation>
    </message>
    <message>
        <source>stars cover the picture</source>
        <translation>Sterne bedecken das Bild</translation>
    </message>
    <message>
        <source>Frames differ by more than their noise: look for clouds, moving light or shifted frames.</source>
        <translation>Bilder unterscheiden sich um mehr als ihr Rauschen: Achten Sie auf Wolken, bewegtes Licht oder verschobene Bilder.</translation>
    </message>
    <message>
        <source>Look for frames that are registered badly or out of focus.</source>
        <translation>Suchen Sie nach Bildern, die schlecht registriert oder unscharf sind.</translation>
    </message>
    <message>
        <source>Look for clouds or for frames of another exposure.</source>
        <translation>Suchen Sie nach Wolken oder nach Bildern anderer Belichtung.</translation>
    </message>
    <message>
        <source>the half-stacks differ by {ratio} times the expected noise</source>
        <translation>die halben Stacks unterscheiden sich um das {ratio}fache des erwarteten Rauschens</translation>
    </message>
    <message>
        <source>the cores of stars are {cores} % brighter in one half-stack than in the other</source>
        <translation>die Kerne der Sterne sind in einem halben Stack {cores} % heller als im anderen</translation>
    </message>
    <message>
        <source>star fluxes differ by {fluxes} % between the half-stacks</source>
        <translation>die Flüsse der Sterne unterscheiden sich zwischen den halben Stacks um {fluxes} %</translation>
    </message>
    <message>
        <source>Leaving out the {frames_left_out} worst frames would keep {kept} of the information on stars, with all frames it is {whole}: --keep {keep}, or --set weights.mode=best.</source>
        <translation>Ohne die {frames_left_out} schlechtesten Bilder blieben {kept} der Information über Sterne erhalten, mit allen Bildern sind es {whole}: --keep {keep}, oder --set weights.mode=best.</translation>
    </message>
    <message>
        <source>fewer than {least_frames} frames</source>
        <translation>weniger als {least_frames} Bilder</translation>
    </message>
    <message>
        <source>Compare with --set stacking.rejection=none; see rejected.fits for the places.</source>
        <translation>Vergleichen Sie mit --set stacking.rejection=none; rejected.fits zeigt die Stellen.</translation>
    </message>
    <message>
        <source>Trails do not cross one place in many frames: compare with --set stacking.trails=false.</source>
        <translation>Spuren laufen nicht in vielen Bildern durch dieselbe Stelle: Vergleichen Sie mit --set stacking.trails=false.</translation>
    </message>
    <message>
        <source>The frames differ in sharpness or registration: leave the worst out with --keep, or raise stacking.sigma_high.</source>
        <translation>Die Bilder unterscheiden sich in Schärfe oder Registrierung: Lassen Sie die schlechtesten mit --keep weg, oder erhöhen Sie stacking.sigma_high.</translation>
    </message>
    <message>
        <source>{total} % of all samples are rejected</source>
        <translation>{total} % aller Werte sind verworfen</translation>
    </message>
    <message>
        <source>more than {crowded} % of the samples are rejected in {where} % of the field</source>
        <translation>mehr als {crowded} % der Werte sind in {where} % des Feldes verworfen</translation>
    </message>
    <message>
        <source>{cores} % of the samples in the cores of bright stars are rejected, {total} % elsewhere</source>
        <translation>{cores} % der Werte in den Kernen heller Sterne sind verworfen, sonst {total} %</translation>
    </message>
    <message>
        <source>{by_frame} % of {files} is rejected</source>
        <translation>{by_frame} % von {files} ist verworfen</translation>
    </message>
    <message>
        <source>Leave the frame out: --exclude {files}.</source>
        <translation>Lassen Sie das Bild weg: --exclude {files}.</translation>
    </message>
    <message>
        <source>{one}, or {other}</source>
        <translation>{one}, oder {other}</translation>
    </message>
    <message>
        <source>fewer than {least_stars} bright unsaturated isolated stars in single frames</source>
        <translation>weniger als {least_stars} helle, nicht gesättigte, einzelne Sterne in einzelnen Bildern</translation>
    </message>
    <message>
        <source>Leave the frame out with --exclude, or look at clouds and at its flat.</source>
        <translation>Lassen Sie das Bild mit --exclude weg, oder prüfen Sie Wolken und das Flat.</translation>
    </message>
    <message>
        <source>the stars of {files} are {level} times as bright as in the stack (channel {channels})</source>
        <translation>die Sterne von {files} sind {level}-mal so hell wie im Stack (Kanal {channels})</translation>
    </message>
    <message>
        <source>Check whether the frames have one filter and one focus; stack the parts separately.</source>
        <translation>Prüfen Sie, ob die Bilder denselben Filter und denselben Fokus haben; stacken Sie die Teile getrennt.</translation>
    </message>
    <message>
        <source>More frames or wider overlaps there would reduce the error; check their focus.</source>
        <translation>Mehr Bilder oder breitere Überlappungen dort würden den Fehler verringern; prüfen Sie ihren Fokus.</translation>
    </message>
    <message>
        <source>{name}/{channels} of the stars of {files} differs by {colour} % from that in the stack</source>
        <translation>{name}/{channels} der Sterne von {files} weicht um {colour} % vom Stack ab</translation>
    </message>
    <message>
        <source>stars left out of the scaling are {residual} % brighter in channel {channel} of the frames from {first} on than in the others</source>
        <translation>Sterne, die nicht zur Skalierung dienten, sind in Kanal {channel} der Bilder ab {first} {residual} % heller als in den anderen</translation>
    </message>
    <message>
        <source>Check the flats; a wider canvas.feather softens the borders of frames.</source>
        <translation>Prüfen Sie die Flats; ein größeres canvas.feather macht die Ränder der Bilder weicher.</translation>
    </message>
    <message>
        <source>the sky has a step of {found} times the noise along a border of {names} (channel {channel})</source>
        <translation>der Himmel hat eine Stufe vom {found}fachen des Rauschens entlang eines Rands von {names} (Kanal {channel})</translation>
    </message>
    <message>
        <source>{worst} of channel {channel} have {ratio} of their light</source>
        <translation>{worst} von Kanal {channel} haben {ratio} ihres Lichts</translation>
    </message>
    <message>
        <source>Bad pixels were replaced on stars, or the masters do not match: compare with --set calibration.cosmetic=false.</source>
        <translation>Schlechte Pixel wurden auf Sternen ersetzt, oder die Master passen nicht: Vergleichen Sie mit --set calibration.cosmetic=false.</translation>
    </message>
    <message>
        <source>Bad pixels were replaced on stars: use --set calibration.cosmetic=false, or take darks.</source>
        <translation>Schlechte Pixel wurden auf Sternen ersetzt: Verwenden Sie --set calibration.cosmetic=false, oder nehmen Sie Darks auf.</translation>
    </message>
    <message>
        <source>fewer than {least_stars} bright unsaturated isolated stars</source>
        <translation>weniger als {least_stars} helle, nicht gesättigte, einzelne Sterne</translation>
    </message>
    <message>
        <source>See rejected.fits for where pixels were rejected; compare with --set stacking.rejection=none.</source>
        <translation>rejected.fits zeigt, wo Pixel verworfen wurden; vergleichen Sie mit --set stacking.rejection=none.</translation>
    </message>
    <message>
        <source>in the calibrated frames {what} in the raw frames ({stars} stars)</source>
        <translation>in den kalibrierten Bildern {what} in den Rohbildern ({stars} Sterne)</translation>
    </message>
    <message>
        <source>calibration removed more than {star_limit} % of the light in the cores of {share} % of the stars</source>
        <translation>die Kalibrierung hat in den Kernen von {share} % der Sterne mehr als {star_limit} % des Lichts entfernt</translation>
    </message>
    <message>
        <source>in the stack {what} in the calibrated frames ({stars} stars)</source>
        <translation>im Stack {what} in den kalibrierten Bildern ({stars} Sterne)</translation>
    </message>
    <message>
        <source>only {count} stars were found, {min_stars} are needed</source>
        <translation>nur {count} Sterne wurden gefunden, {min_stars} werden gebraucht</translation>
    </message>
    <message>
        <source>none of the {count} catalog stars is free of clipping and neighbours</source>
        <translation>keiner der {count} Katalogsterne ist frei von Sättigung und Nachbarn</translation>
    </message>
    <message>
        <source>the median of the {shape} stars would be {off} mag off the colours of real stars</source>
        <translation>der Median der {shape} Sterne läge {off} mag neben den Farben wirklicher Sterne</translation>
    </message>
    <message>
        <source>there is no star catalog (pcc.catalog, {catalog_variable}; or install astroquery)</source>
        <translation>es gibt keinen Sternkatalog (pcc.catalog, {catalog_variable}; oder installieren Sie astroquery)</translation>
    </message>
    <message>
        <source>{source} has no stars in this field</source>
        <translation>{source} hat in diesem Feld keine Sterne</translation>
    </message>
    <message>
        <source>the factor of {name} is uncertain by {error_per_mag} %</source>
        <translation>der Faktor von {name} ist auf {error_per_mag} % unsicher</translation>
    </message>
    <message>
        <source>no star is at a position that {source} and the WCS predict</source>
        <translation>kein Stern ist an einer Stelle, die {source} und das WCS vorhersagen</translation>
    </message>
    <message>
        <source>only {used} of {used2} stars agree in {name}, {min_stars} are needed</source>
        <translation>nur {used} von {used2} Sternen stimmen in {name} überein, {min_stars} werden gebraucht</translation>
    </message>
    <message>
        <source>the stars scatter by {scatter} mag in {name}, {allowed} are allowed</source>
        <translation>die Sterne streuen in {name} um {scatter} mag, {allowed} sind erlaubt</translation>
    </message>
    <message>
        <source>the star colours do not follow the catalog in {name} (slope {slope}): wrong field?</source>
        <translation>die Farben der Sterne folgen in {name} nicht dem Katalog (Steigung {slope}): falsches Feld?</translation>
    </message>
    <message>
        <source>the gain of {name} would be {gain}</source>
        <translation>der Faktor von {name} wäre {gain}</translation>
    </message>
    <message>
        <source>{first} (catalog); {reason} (mean colour of the stars)</source>
        <translation>{first} (Katalog); {reason} (mittlere Farbe der Sterne)</translation>
    </message>
    <message>
        <source>Give another catalog.</source>
        <translation>Geben Sie einen anderen Katalog an.</translation>
    </message>
    <message>
        <source>{file} has no two magnitudes of one colour system.</source>
        <translation>{file} hat keine zwei Magnituden eines Farbsystems.</translation>
    </message>
    <message>
        <source>One of {systems} is needed. Its columns: {names}. Set pcc.columns.</source>
        <translation>Eines von {systems} wird gebraucht. Spalten: {names}. Setzen Sie pcc.columns.</translation>
    </message>
    <message>
        <source>astroquery is not installed.</source>
        <translation>astroquery ist nicht installiert.</translation>
    </message>
    <message>
        <source>{path} has no columns for ra and dec.</source>
        <translation>{path} hat keine Spalten für ra und dec.</translation>
    </message>
    <message>
        <source>Its columns: {names}. Set pcc.columns.</source>
        <translation>Spalten: {names}. Setzen Sie pcc.columns.</translation>
    </message>
    <message>
        <source>No star of {path} has a position, a magnitude and a colour.</source>
        <translation>Kein Stern von {path} hat Position, Magnitude und Farbe.</translation>
    </message>
    <message>
        <source>{value}, or give pcc.catalog.</source>
        <translation>{value}, oder geben Sie pcc.catalog an.</translation>
    </message>
    <message>
        <source>Check the network, or give pcc.catalog.</source>
        <translation>Prüfen Sie das Netz, oder geben Sie pcc.catalog an.</translation>
    </message>
    <message>
        <source>The query of Gaia DR3 failed: {error}.</source>
        <translation>Die Abfrage von Gaia DR3 ist gescheitert: {error}.</translation>
    </message>
    <message>
        <source>the image has no WCS</source>
        <translation>das Bild hat kein WCS</translation>
    </message>
    <message>
        <source>no catalog for Siril was found; set pcc.siril_catalog, or see `orchestrate catalog write`</source>
        <translation>es wurde kein Katalog für Siril gefunden; setzen Sie pcc.siril_catalog, oder siehe `orchestrate catalog write`</translation>
    </message>
    <message>
        <source>no star spectra for Siril&apos;s spcc were found; install its SPCC catalog in Siril, or set the folder in pcc.spcc.catalog</source>
        <translation>es wurden keine Sternspektren für Sirils spcc gefunden; installieren Sie den SPCC-Katalog in Siril, oder setzen Sie den Ordner in pcc.spcc.catalog</translation>
    </message>
    <message>
        <source>the camera {camera} of the header is not in Siril&apos;s sensor database</source>
        <translation>die Kamera {camera} des Headers ist nicht in Sirils Sensordatenbank</translation>
    </message>
    <message>
        <source>{reason}: set pcc.spcc.sensor to one of {oscsensor}</source>
        <translation>{reason}: Setzen Sie pcc.spcc.sensor auf eines von {oscsensor}</translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> und {count} weitere</translation>
    </message>
    <message>
        <source>Siril used only {stars} stars, {min_stars} are needed</source>
        <translation>Siril hat nur {stars} Sterne verwendet, {min_stars} werden gebraucht</translation>
    </message>
    <message>
        <source>Siril&apos;s catalog {catalog} does not exist (pcc.siril_catalog)</source>
        <translation>Sirils Katalog {catalog} existiert nicht (pcc.siril_catalog)</translation>
    </message>
    <message>
        <source>{folder} lacks the spectra of this field: {missing}</source>
        <translation>{folder} fehlen die Spektren dieses Feldes: {missing}</translation>
    </message>
    <message>
        <source>Siril&apos;s database of sensors was not found; enable it in Siril&apos;s preferences, or `git clone {source}` and set the folder in pcc.spcc.database</source>
        <translation>Sirils Sensordatenbank wurde nicht gefunden; schalten Sie sie in Sirils Einstellungen ein, oder `git clone {source}` und setzen Sie den Ordner in pcc.spcc.database</translation>
    </message>
    <message>
        <source>{name} (pcc.spcc.{setting}) is not a {kinds} in {folder}; {similar}: {similar2}</source>
        <translation>{name} (pcc.spcc.{setting}) ist kein {kinds} in {folder}; {similar}: {similar2}</translation>
    </message>
    <message>
        <source>{sensor} is a mono sensor: set its filters in pcc.spcc.filters</source>
        <translation>{sensor} ist ein Mono-Sensor: Setzen Sie seine Filter in pcc.spcc.filters</translation>
    </message>
    <message>
        <source>{sensor} needs a low-pass filter; set pcc.spcc.lowpass to one of {osclpf}</source>
        <translation>{sensor} braucht einen Tiefpassfilter; setzen Sie pcc.spcc.lowpass auf eines von {osclpf}</translation>
    </message>
    <message>
        <source>similar names</source>
        <translation>ähnliche Namen</translation>
    </message>
    <message>
        <source>it has</source>
        <translation>vorhanden sind</translation>
    </message>
    <message>
        <source>fewer than two stacks are available</source>
        <translation>weniger als zwei Stacks sind vorhanden</translation>
    </message>
    <message>
        <source>output.palette is none</source>
        <translation>output.palette ist none</translation>
    </message>
    <message>
        <source>{coloured}: stacks of a colour camera are already in colour</source>
        <translation>{coloured}: Stacks einer Farbkamera sind bereits farbig</translation>
    </message>
    <message>
        <source>there is no palette for {stacked} (known: {auto})</source>
        <translation>es gibt keine Palette für {stacked} (bekannt: {auto})</translation>
    </message>
    <message>
        <source>Choose another --run-id, or remove that folder.</source>
        <translation>Wählen Sie eine andere --run-id, oder entfernen Sie diesen Ordner.</translation>
    </message>
    <message>
        <source>The run {taken} already exists.</source>
        <translation>Den Lauf {taken} gibt es schon.</translation>
    </message>
    <message>
        <source>registration.{key} applies to one field, but the lights show several.</source>
        <translation>registration.{key} gilt für ein Feld, die Lights zeigen aber mehrere.</translation>
    </message>
    <message>
        <source>Select one field: --set &apos;input.field={stacked}&apos;</source>
        <translation>Wählen Sie ein Feld: --set &apos;input.field={stacked}&apos;</translation>
    </message>
    <message>
        <source>input.field: {folder} lists the runs of several fields.</source>
        <translation>input.field: {folder} führt die Läufe mehrerer Felder auf.</translation>
    </message>
    <message>
        <source>Stack one field with `orchestrate run`, or resume its run {folder}-FIELD.</source>
        <translation>Stacken Sie ein Feld mit `orchestrate run`, oder setzen Sie seinen Lauf {folder}-FELD fort.</translation>
    </message>
    <message>
        <source>it has {lights} ({names}), {needed} are needed</source>
        <translation>es hat {lights} ({names}), {needed} werden gebraucht</translation>
    </message>
    <message>
        <source>The lights show {count} fields that do not touch: {listing}. Each is stacked into a picture of its own; input.field or input.object selects one.{wrong}</source>
        <translation>Die Lights zeigen {count} Felder, die sich nicht berühren: {listing}. Aus jedem entsteht ein eigenes Bild; input.field oder input.object wählt eines.{wrong}</translation>
    </message>
    <message>
        <source> If their positions in the headers are wrong, input.field=all makes one picture.</source>
        <translation> Wenn ihre Positionen in den Headern falsch sind, macht input.field=all ein Bild daraus.</translation>
    </message>
    <message>
        <source>{frame} is not stacked: {why}.</source>
        <translation>{frame} wird nicht gestackt: {why}.</translation>
    </message>
    <message>
        <source>{count} light</source>
        <translation>{count} Light</translation>
    </message>
    <message>
        <source>{count} lights</source>
        <translation>{count} Lights</translation>
    </message>
    <message>
        <source>The lights have several filters: {counts}. Each is stacked separately; the stacks are not combined: {why}.</source>
        <translation>Die Lights haben mehrere Filter: {counts}. Jeder wird für sich gestackt; die Stacks werden nicht kombiniert: {why}.</translation>
    </message>
    <message>
        <source>{text} Not part of it: {out}.</source>
        <translation>{text} Nicht darin: {out}.</translation>
    </message>
    <message>
        <source>{filter} is not stacked: {problem}</source>
        <translation>{filter} wird nicht gestackt: {problem}</translation>
    </message>
    <message>
        <source>Add frames, correct the name of the filter, or ignore it.</source>
        <translation>Fügen Sie Bilder hinzu, korrigieren Sie den Namen des Filters, oder ignorieren Sie es.</translation>
    </message>
    <message>
        <source>{filter} ({lights} lights)</source>
        <translation>{filter} ({lights} Lights)</translation>
    </message>
    <message>
        <source>they are colour images</source>
        <translation>es sind Farbbilder</translation>
    </message>
    <message>
        <source>it has {lights} ({names}), {needed} are needed.</source>
        <translation>es hat {lights} ({names}), {needed} werden gebraucht.</translation>
    </message>
    <message>
        <source>The night {folder}: {problem}</source>
        <translation>Die Nacht {folder}: {problem}</translation>
    </message>
    <message>
        <source>{filter} do not match the palette {requested}</source>
        <translation>{filter} passen nicht zur Palette {requested}</translation>
    </message>
    <message>
        <source>there is no palette for them (known: {auto})</source>
        <translation>es gibt keine Palette dafür (bekannt: {auto})</translation>
    </message>
    <message>
        <source>Add frames and resume the run.</source>
        <translation>Fügen Sie Bilder hinzu, und setzen Sie den Lauf fort.</translation>
    </message>
    <message>
        <source>registration.transforms applies to one stack, but the lights have several filters.</source>
        <translation>registration.transforms gilt für einen Stack, die Lights haben aber mehrere Filter.</translation>
    </message>
    <message>
        <source>{palette} was made instead</source>
        <translation>stattdessen entstand {palette}</translation>
    </message>
    <message>
        <source>There is no {lost_palette} image, {instead}: {reasons}</source>
        <translation>Es gibt kein Bild {lost_palette}, {instead}: {reasons}</translation>
    </message>
    <message>
        <source>Select one filter: --set input.filter={filter}</source>
        <translation>Wählen Sie einen Filter: --set input.filter={filter}</translation>
    </message>
    <message>
        <source>{folder} belongs to the project {project}.</source>
        <translation>{folder} gehört zum Projekt {project}.</translation>
    </message>
    <message>
        <source>Resume it with: orchestrate project resume {project} --run-id {folder}</source>
        <translation>Setzen Sie ihn fort mit: orchestrate project resume {project} --run-id {folder}</translation>
    </message>
    <message>
        <source>input.filter: {folder} combines several filters.</source>
        <translation>input.filter: {folder} kombiniert mehrere Filter.</translation>
    </message>
    <message>
        <source>Stack one filter with `orchestrate run`, or resume its run {folder}-CHANNEL.</source>
        <translation>Stacken Sie einen Filter mit `orchestrate run`, oder setzen Sie seinen Lauf {folder}-KANAL fort.</translation>
    </message>
    <message>
        <source>Use LRGB, three channels such as SHO or HOO, or a linear combination for R, G and B.</source>
        <translation>Verwenden Sie LRGB, drei Kanäle wie SHO oder HOO, oder eine Linearkombination für R, G und B.</translation>
    </message>
    <message>
        <source>Write palette: {R: {...}, G: {...}, B: {...}}.</source>
        <translation>Schreiben Sie palette: {R: {...}, G: {...}, B: {...}}.</translation>
    </message>
    <message>
        <source>Define one: palette: {R: {Ha: 1}, G: {Ha: 0.3, OIII: 0.7}, B: {OIII: 1}}.</source>
        <translation>Definieren Sie eine: palette: {R: {Ha: 1}, G: {Ha: 0.3, OIII: 0.7}, B: {OIII: 1}}.</translation>
    </message>
    <message>
        <source>palette: {palette} does not match the channels {channels}.</source>
        <translation>palette: {palette} passt nicht zu den Kanälen {channels}.</translation>
    </message>
    <message>
        <source>palette: it defines {palette}; R, G and B are required.</source>
        <translation>palette: Sie definiert {palette}; R, G und B werden gebraucht.</translation>
    </message>
    <message>
        <source>Use the channel names of the project or session.</source>
        <translation>Verwenden Sie die Kanalnamen des Projekts oder der Session.</translation>
    </message>
    <message>
        <source>palette: there is no palette for the channels {channels}.</source>
        <translation>palette: Es gibt keine Palette für die Kanäle {channels}.</translation>
    </message>
    <message>
        <source>palette.{colour}: {unknown} is not one of the channels {channels}.</source>
        <translation>palette.{colour}: {unknown} ist keiner der Kanäle {channels}.</translation>
    </message>
    <message>
        <source>a linear combination</source>
        <translation>eine Linearkombination</translation>
    </message>
    <message>
        <source>columns {x0} to {x1}, rows {y0} to {y1} (from 0) of the stacks, canvas.crop {crop}</source>
        <translation>Spalten {x0} bis {x1}, Zeilen {y0} bis {y1} (ab 0) der Stacks, canvas.crop {crop}</translation>
    </message>
    <message>
        <source>{c} times {factor} plus {offset}: {stars} stars and sky matched to the mean of R, G and B</source>
        <translation>{c} mal {factor} plus {offset}: {stars} Sterne und Himmel an das Mittel von R, G und B angeglichen</translation>
    </message>
    <message>
        <source>{channel}: a plane of {levelled_adu} ADU subtracted, fitted to the sky of the other filters</source>
        <translation>{channel}: eine Ebene von {levelled_adu} ADU abgezogen, an den Himmel der anderen Filter angepasst</translation>
    </message>
    <message>
        <source>{channel}: filter {filter}, {stacks} of {run}</source>
        <translation>{channel}: Filter {filter}, {stacks} von {run}</translation>
    </message>
    <message>
        <source>Stack the session again.</source>
        <translation>Stacken Sie die Session noch einmal.</translation>
    </message>
    <message>
        <source>The gradient of {channel} was not removed, unlike those of the others: {declined}; with the sky positions of the others: {why}. Set bge.enabled: false to keep all gradients.</source>
        <translation>Der Gradient von {channel} wurde nicht entfernt, anders als die der anderen: {declined}; mit den Himmelsstellen der anderen: {why}. Mit bge.enabled: false bleiben alle Gradienten.</translation>
    </message>
    <message>
        <source>clipped (ADU): {levels}; the cores of {cores} stars, {pixels} pixels with their rims, got the colour of the light around them</source>
        <translation>abgeschnitten (ADU): {levels}; die Kerne von {cores} Sternen, {pixels} Pixel mit ihren Rändern, erhielten die Farbe des Lichts um sie</translation>
    </message>
    <message>
        <source>The colours were not calibrated: {declined}.</source>
        <translation>Die Farben wurden nicht kalibriert: {declined}.</translation>
    </message>
    <message>
        <source>The stack of {channel} ({stacks}) differs in size from that of {first}.</source>
        <translation>Der Stack von {channel} ({stacks}) hat eine andere Größe als der von {first}.</translation>
    </message>
    <message>
        <source>{channel} has too few stars to match the flux of R, G and B: only its sky background was matched.</source>
        <translation>{channel} hat zu wenige Sterne, um den Fluss an R, G und B anzugleichen: Nur der Himmelshintergrund wurde angeglichen.</translation>
    </message>
    <message>
        <source>{comments}, all filters</source>
        <translation>{comments}, alle Filter</translation>
    </message>
    <message>
        <source>{directory} was made from {count} folders, {count2} are given.</source>
        <translation>{directory} entstand aus {count} Ordnern, {count2} sind angegeben.</translation>
    </message>
    <message>
        <source>Give one --session for each of: {roots}.</source>
        <translation>Geben Sie für jeden ein --session an: {roots}.</translation>
    </message>
    <message>
        <source>{failed} could not be stacked: </source>
        <translation>{failed} konnten nicht gestackt werden: </translation>
    </message>
    <message>
        <source>{channel} could not be stacked: </source>
        <translation>{channel} konnte nicht gestackt werden: </translation>
    </message>
    <message>
        <source>The run was cancelled.</source>
        <translation>Der Lauf wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The lights do not have the warm pixels of the dark ({misfit} % of their excess): the darks are of another camera, or the lights were cleaned of hot pixels before. Give darks of this camera.</source>
        <translation>Die Lights haben die warmen Pixel des Darks nicht ({misfit} % von deren Überschuss): Die Darks sind von einer anderen Kamera, oder die Lights wurden vorher von heißen Pixeln gereinigt. Geben Sie Darks dieser Kamera an.</translation>
    </message>
    <message>
        <source>{share} % of the pixels look bad: cosmetic correction is skipped.</source>
        <translation>{share} % der Pixel wirken schlecht: Die kosmetische Korrektur wird ausgelassen.</translation>
    </message>
    <message>
        <source>The lights have {misfit} % {misfit2} dark current than their darks: warm pixels stay in the frames. Take darks of the same temperature and exposure, or set calibration.fixed_pattern to pixels.</source>
        <translation>Die Lights haben {misfit} % {misfit2} Dunkelstrom als ihre Darks: Warme Pixel bleiben in den Bildern. Nehmen Sie Darks gleicher Temperatur und Belichtung auf, oder setzen Sie calibration.fixed_pattern auf pixels.</translation>
    </message>
    <message>
        <source>more</source>
        <translation>mehr</translation>
    </message>
    <message>
        <source>less</source>
        <translation>weniger</translation>
    </message>
    <message>
        <source>Copy it again, or retake it.</source>
        <translation>Kopieren Sie es neu, oder nehmen Sie es noch einmal auf.</translation>
    </message>
    <message>
        <source>{info} is not used: {error}</source>
        <translation>{info} wird nicht verwendet: {error}</translation>
    </message>
    <message>
        <source>Give the raw lights to calibrate them here.</source>
        <translation>Geben Sie die rohen Lights, damit sie hier kalibriert werden.</translation>
    </message>
    <message>
        <source>{state}; its median is {median} ADU, theirs {median2} ADU)</source>
        <translation>{state}; sein Median ist {median} ADU, der der anderen {median2} ADU)</translation>
    </message>
    <message>
        <source>The lights are already calibrated ({names}; {done}): this is not done again.</source>
        <translation>Die Lights sind bereits kalibriert ({names}; {done}): Das wird nicht wiederholt.</translation>
    </message>
    <message>
        <source>median {median} ADU</source>
        <translation>Median {median} ADU</translation>
    </message>
    <message>
        <source>it is already calibrated, most of the lights are not ({where}</source>
        <translation>es ist bereits kalibriert, die meisten Lights nicht ({where}</translation>
    </message>
    <message>
        <source>it is not calibrated, most of the lights are ({common}</source>
        <translation>es ist nicht kalibriert, die meisten Lights sind es ({common}</translation>
    </message>
    <message>
        <source>The lights are calibrated according to {where}, but their pixels show the warm pixels of the dark and a level of {median} ADU: they are calibrated here.</source>
        <translation>Die Lights sind laut {where} kalibriert, aber ihre Pixel zeigen die warmen Pixel des Darks und ein Niveau von {median} ADU: Sie werden hier kalibriert.</translation>
    </message>
    <message>
        <source>, bias {bias} ADU</source>
        <translation>, Bias {bias} ADU</translation>
    </message>
    <message>
        <source>If the camera was turned between them, give flats of its position during the lights, or turn the flats.</source>
        <translation>Wenn die Kamera dazwischen gedreht wurde, geben Sie Flats ihrer Stellung bei den Lights, oder drehen Sie die Flats.</translation>
    </message>
    <message>
        <source> There the raw lights are at {raw} ADU</source>
        <translation> Dort liegen die rohen Lights bei {raw} ADU</translation>
    </message>
    <message>
        <source>, the {kind} at {below} ADU.</source>
        <translation>, {kind} bei {below} ADU.</translation>
    </message>
    <message>
        <source>The flats do not belong to these lights, or contain an offset: check their bias or dark-flats.</source>
        <translation>Die Flats gehören nicht zu diesen Lights oder enthalten einen Offset: Prüfen Sie ihr Bias oder ihre Dark-Flats.</translation>
    </message>
    <message>
        <source>The flats may be {turn} against the lights: the calibrated sky varies by {contrast} % over the frame, as the flat in that orientation divided by the flat does ({explained} % of the variation explained).</source>
        <translation>Die Flats sind gegenüber den Lights vielleicht {turn}: Der kalibrierte Himmel ändert sich über das Bild um {contrast} %, wie das so gedrehte Flat geteilt durch das Flat ({explained} % der Änderung erklärt).</translation>
    </message>
    <message>
        <source>Light reached the darks, or they belong to another camera mode: take them again in the dark.</source>
        <translation>Licht fiel auf die Darks, oder sie gehören zu einem anderen Kameramodus: Nehmen Sie sie im Dunkeln neu auf.</translation>
    </message>
    <message>
        <source>The calibrated lights are below zero: median {lowest} ADU in {places} (limit {limit} ADU), {share} % of their pixels are negative.{before}{what}</source>
        <translation>Die kalibrierten Lights liegen unter null: Median {lowest} ADU in {places} (Grenze {limit} ADU), {share} % ihrer Pixel sind negativ.{before}{what}</translation>
    </message>
    <message>
        <source>The {kind} does not belong to these lights, or light reached it: give {kind2} frames of the same camera, gain, offset and exposure, taken in the dark.</source>
        <translation>{kind} gehört nicht zu diesen Lights, oder Licht fiel darauf: Geben Sie Aufnahmen ({kind2}) derselben Kamera mit gleichem Gain, Offset und gleicher Belichtung, im Dunkeln aufgenommen.</translation>
    </message>
    <message>
        <source>The calibrated sky follows the {over}flat: it varies by {varies} % over the frame (power {slope} of the flat, {explained} % of the variation explained).</source>
        <translation>Der kalibrierte Himmel folgt dem {over}Flat: Er ändert sich über das Bild um {varies} % (Potenz {slope} des Flats, {explained} % der Änderung erklärt).</translation>
    </message>
    <message>
        <source>The calibrated sky has the inverse of the structure of the darks: it varies by {lost} ADU over the frame, {slope} times the darks ({explained} % of the variation explained). The lights do not have it.</source>
        <translation>Der kalibrierte Himmel hat die umgekehrte Struktur der Darks: Er ändert sich über das Bild um {lost} ADU, das {slope}fache der Darks ({explained} % der Änderung erklärt). Die Lights haben sie nicht.</translation>
    </message>
    <message>
        <source>inverse of the </source>
        <translation>umgekehrten </translation>
    </message>
    <message>
        <source>An offset is left in the lights, or they were divided by a flat before: check darks and biases.</source>
        <translation>In den Lights bleibt ein Offset, oder sie wurden schon durch ein Flat geteilt: Prüfen Sie Darks und Bias.</translation>
    </message>
    <message>
        <source>The bias is left in the lights: give darks or bias frames, or --set calibration.synthetic_bias=ADU.</source>
        <translation>Das Bias bleibt in den Lights: Geben Sie Darks oder Bias, oder --set calibration.synthetic_bias=ADU.</translation>
    </message>
    <message>
        <source>Take flats with a shorter exposure, at half of the full range.</source>
        <translation>Nehmen Sie kürzer belichtete Flats auf, bei der Hälfte des Vollausschlags.</translation>
    </message>
    <message>
        <source>Remove the wrong one, or take more.</source>
        <translation>Entfernen Sie das falsche, oder nehmen Sie mehr auf.</translation>
    </message>
    <message>
        <source>1 {role} frame is not used: {listing}.</source>
        <translation>1 Bild ({role}) wird nicht verwendet: {listing}.</translation>
    </message>
    <message>
        <source>The two {role} frames contradict each other: the median of {origin} is {median} ADU, that of {origin2} {median2} ADU.</source>
        <translation>Die beiden Bilder ({role}) widersprechen sich: Der Median von {origin} ist {median} ADU, der von {origin2} {median2} ADU.</translation>
    </message>
    <message>
        <source>{count} {role} frames are not used: {listing}{more}.</source>
        <translation>{count} Bilder ({role}) werden nicht verwendet: {listing}{more}.</translation>
    </message>
    <message>
        <source>All {count} {role} frames are not used: {listing}{more}.</source>
        <translation>Alle {count} Bilder ({role}) werden nicht verwendet: {listing}{more}.</translation>
    </message>
    <message>
        <source>its level varies over the frame by {uneven} ADU, that of the other by {even} ADU: light reached it; medians {median} and {median2} ADU</source>
        <translation>sein Niveau ändert sich über das Bild um {uneven} ADU, das des anderen um {even} ADU: Licht fiel darauf; Mediane {median} und {median2} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of the lights {median2} ADU</source>
        <translation>sein Median ist {median} ADU, der der Lights {median2} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of the {others} {usual} ADU</source>
        <translation>sein Median ist {median} ADU, bei {others} {usual} ADU</translation>
    </message>
    <message>
        <source>{share} % of its pixels are clipped at {top} ADU</source>
        <translation>{share} % seiner Pixel sind bei {top} ADU übersteuert</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of its bias or dark-flat {offset} ADU</source>
        <translation>sein Median ist {median} ADU, der seines Bias oder Dark-Flats {offset} ADU</translation>
    </message>
    <message>
        <source>its light differs from that of the other flats by {shapes} % in places</source>
        <translation>sein Licht weicht stellenweise um {shapes} % von dem der anderen Flats ab</translation>
    </message>
    <message>
        <source>the noise of its pixels is {noise} ADU, that of the {others} {noise2} ADU</source>
        <translation>das Rauschen seiner Pixel ist {noise} ADU, bei {others} {noise2} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of the other flats {others} ADU: it looks like a dark or bias</source>
        <translation>sein Median ist {median} ADU, der der anderen Flats {others} ADU: Es sieht wie ein Dark oder Bias aus</translation>
    </message>
    <message>
        <source>the noise of its pixels is {noise} ADU, {gain} ADU by the other flats</source>
        <translation>das Rauschen seiner Pixel ist {noise} ADU, nach den anderen Flats {gain} ADU</translation>
    </message>
    <message>
        <source>its level varies over the frame by {shapes} ADU more than that of the {others}: light, or another camera</source>
        <translation>sein Niveau ändert sich über das Bild um {shapes} ADU mehr als bei {others}: Licht, oder eine andere Kamera</translation>
    </message>
    <message>
        <source>multiplied by {factor}</source>
        <translation>mit {factor} multipliziert</translation>
    </message>
    <message>
        <source>divided by {factor}</source>
        <translation>durch {factor} geteilt</translation>
    </message>
    <message>
        <source>The {role} {names} has another scale than the lights: {why}. It was {text} ({before} -&gt; {median} ADU).</source>
        <translation>{names} ({role}) hat eine andere Skala als die Lights: {why}. Es wurde {text} ({before} -&gt; {median} ADU).</translation>
    </message>
    <message>
        <source>its values are multiples of {step}, those of the lights of {light_step}</source>
        <translation>seine Werte sind Vielfache von {step}, die der Lights von {light_step}</translation>
    </message>
    <message>
        <source>its level is that of the darks before, {before} ADU</source>
        <translation>sein Niveau ist das der Darks davor, {before} ADU</translation>
    </message>
    <message>
        <source>its level is {level} ADU, that of the lights {median} ADU, and its warm pixels are {share} times as bright in the lights</source>
        <translation>sein Niveau ist {level} ADU, das der Lights {median} ADU, und seine warmen Pixel sind in den Lights {share}-mal so hell</translation>
    </message>
    <message>
        <source>Check ROWORDER of the flats: their light does not show whether they are mirrored too.</source>
        <translation>Prüfen Sie ROWORDER der Flats: Ihr Licht zeigt nicht, ob auch sie gespiegelt sind.</translation>
    </message>
    <message>
        <source>Give darks of the same camera, gain, offset and exposure, taken without light.</source>
        <translation>Geben Sie Darks derselben Kamera mit gleichem Gain, Offset und gleicher Belichtung, ohne Licht aufgenommen.</translation>
    </message>
    <message>
        <source>The warm pixels of the dark {names} are in the lights only after mirroring it {mirrored}: the {role} frames were mirrored.</source>
        <translation>Die warmen Pixel des Darks {names} finden sich in den Lights erst, wenn es gespiegelt wird ({mirrored}): Die Aufnahmen ({role}) wurden gespiegelt.</translation>
    </message>
    <message>
        <source>The dark {names} does not contain the bias (median {median} ADU, bias {level} ADU{cards}): the bias was added to it.</source>
        <translation>Das Dark {names} enthält das Bias nicht (Median {median} ADU, Bias {level} ADU{cards}): Das Bias wurde addiert.</translation>
    </message>
    <message>
        <source>The dark {names} is not used, {bias}: its median is {level} ADU, that of the lights {median} ADU{panel}.</source>
        <translation>Das Dark {names} wird nicht verwendet, {bias}: Sein Median ist {level} ADU, der der Lights {median} ADU{panel}.</translation>
    </message>
    <message>
        <source>, and it varies over the frame by {spread} ADU, as with light in the darks</source>
        <translation>, und es ändert sich über das Bild um {spread} ADU, wie mit Licht in den Darks</translation>
    </message>
    <message>
        <source>Give bias frames, or --set calibration.synthetic_bias=ADU.</source>
        <translation>Geben Sie Bias an, oder --set calibration.synthetic_bias=ADU.</translation>
    </message>
    <message>
        <source>The dark {names} has no bias according to {where}, but its pixels show it (median {median} ADU, bias {level} ADU): it is used as it is.</source>
        <translation>Das Dark {names} hat laut {where} kein Bias, aber seine Pixel zeigen es (Median {median} ADU, Bias {level} ADU): Es wird verwendet, wie es ist.</translation>
    </message>
    <message>
        <source>The dark {names} (median {median} ADU{cards}) does not contain the bias, and there is none: the bias stays in the lights.</source>
        <translation>Das Dark {names} (Median {median} ADU{cards}) enthält das Bias nicht, und es gibt keines: Das Bias bleibt in den Lights.</translation>
    </message>
    <message>
        <source>Check the exposure of the flats, and calibration.synthetic_bias.</source>
        <translation>Prüfen Sie die Belichtung der Flats und calibration.synthetic_bias.</translation>
    </message>
    <message>
        <source>The flat {names} is not used: it is darker than its bias or dark-flat (median {median} ADU, offset {offset} ADU).</source>
        <translation>Das Flat {names} wird nicht verwendet: Es ist dunkler als sein Bias oder Dark-Flat (Median {median} ADU, Offset {offset} ADU).</translation>
    </message>
    <message>
        <source>smallest value {low} ADU, offset {offset} ADU</source>
        <translation>kleinster Wert {low} ADU, Offset {offset} ADU</translation>
    </message>
    <message>
        <source>The flat {names} is already calibrated ({evidence}): nothing is subtracted from it.</source>
        <translation>Das Flat {names} ist bereits kalibriert ({evidence}): Es wird nichts davon abgezogen.</translation>
    </message>
    <message>
        <source>it cannot be measured ({name}: {error})</source>
        <translation>es kann nicht gemessen werden ({name}: {error})</translation>
    </message>
    <message>
        <source>No darks: bad pixels and fixed pattern are taken from the lights; amp glow stays (calibration.fixed_pattern).</source>
        <translation>Keine Darks: Schlechte Pixel und festes Muster kommen aus den Lights; Verstärkerglühen bleibt (calibration.fixed_pattern).</translation>
    </message>
    <message>
        <source>No flats: vignetting and dust stay in the frames.</source>
        <translation>Keine Flats: Vignettierung und Staub bleiben in den Bildern.</translation>
    </message>
    <message>
        <source>Flats without bias or dark-flats: their offset makes the correction too weak. Give bias frames, or --set calibration.synthetic_bias=ADU.</source>
        <translation>Flats ohne Bias oder Dark-Flats: Ihr Offset macht die Korrektur zu schwach. Geben Sie Bias an, oder --set calibration.synthetic_bias=ADU.</translation>
    </message>
    <message>
        <source>The sky moves too little on the sensor to separate its structure from that of the sensor: {effects}. Dither, or take darks.</source>
        <translation>Der Himmel bewegt sich zu wenig auf dem Sensor, um seine Struktur von der des Sensors zu trennen: {effects}. Dithern Sie, oder nehmen Sie Darks auf.</translation>
    </message>
    <message>
        <source>only pixels that are narrower than any star are replaced as bad ({bad_pixels}), others are left to rejection</source>
        <translation>nur Pixel, die schmaler als jeder Stern sind, werden als schlecht ersetzt ({bad_pixels}), andere bleiben der Rejektion überlassen</translation>
    </message>
    <message>
        <source>Give a master of the same camera, binning and area.</source>
        <translation>Geben Sie einen Master mit gleicher Kamera, gleichem Binning und gleichem Ausschnitt.</translation>
    </message>
    <message>
        <source>Check the exposure of the flats and calibration.synthetic_bias.</source>
        <translation>Prüfen Sie die Belichtung der Flats und calibration.synthetic_bias.</translation>
    </message>
    <message>
        <source>The master {role} {given} has shape {shape}, the lights have {shape2}.</source>
        <translation>Der Master {given} ({role}) hat die Form {shape}, die Lights {shape2}.</translation>
    </message>
    <message>
        <source>The flats of {parent} are darker than their bias.</source>
        <translation>Die Flats von {parent} sind dunkler als ihr Bias.</translation>
    </message>
    <message>
        <source>Check that the lights show stars (orchestrate scan).</source>
        <translation>Prüfen Sie, ob die Lights Sterne zeigen (orchestrate scan).</translation>
    </message>
    <message>
        <source>No light of {session} can serve as the reference: {first}.</source>
        <translation>Kein Light von {session} kann als Referenz dienen: {first}.</translation>
    </message>
    <message>
        <source>registration.reference: no usable light is named {wanted}.</source>
        <translation>registration.reference: Kein brauchbares Light heißt {wanted}.</translation>
    </message>
    <message>
        <source>Lights are named like {lights}.</source>
        <translation>Lights heißen zum Beispiel {lights}.</translation>
    </message>
    <message>
        <source>it shares less than {min_shared} % of the field with the reference</source>
        <translation>es hat weniger als {min_shared} % des Feldes mit der Referenz gemeinsam</translation>
    </message>
    <message>
        <source>its position, from {inliers} stars only, contradicts the frames before and after it</source>
        <translation>seine Position, aus nur {inliers} Sternen, widerspricht den Bildern davor und danach</translation>
    </message>
    <message>
        <source>it belongs to another field{where}{far}: {count} lights that share no stars with the {main} of this picture; stack them as a session of their own</source>
        <translation>es gehört zu einem anderen Feld{where}{far}: {count} Lights, die mit den {main} dieses Bildes keine Sterne gemeinsam haben; stacken Sie sie als eigene Session</translation>
    </message>
    <message>
        <source>only {count} star found</source>
        <translation>nur {count} Stern gefunden</translation>
    </message>
    <message>
        <source>only {count} stars found</source>
        <translation>nur {count} Sterne gefunden</translation>
    </message>
    <message>
        <source>no star pattern in common with other lights ({stars} stars found)</source>
        <translation>kein gemeinsames Sternmuster mit anderen Lights ({stars} Sterne gefunden)</translation>
    </message>
    <message>
        <source> near RA {sky_position}, Dec {sky_position2} degrees</source>
        <translation> bei RA {sky_position}, Dec {sky_position2} Grad</translation>
    </message>
    <message>
        <source>, {between} degrees from the reference</source>
        <translation>, {between} Grad von der Referenz</translation>
    </message>
    <message>
        <source>The position in the header of {names}{more} is wrong, by up to {apart} degrees: the first one points to RA {ra}, Dec {dec} degrees by plate solving. The headers were not used.</source>
        <translation>Die Position im Header von {names}{more} ist falsch, um bis zu {apart} Grad: Das erste zeigt nach der Astrometrie auf RA {ra}, Dec {dec} Grad. Die Header wurden nicht verwendet.</translation>
    </message>
    <message>
        <source>{found}, {least_stars} are needed</source>
        <translation>{found}, {least_stars} werden gebraucht</translation>
    </message>
    <message>
        <source>no stars were found</source>
        <translation>es wurden keine Sterne gefunden</translation>
    </message>
    <message>
        <source>{one} and {other} alone tie {small} lights to the others, by {count} stars. Check their place in the picture.</source>
        <translation>Nur {one} und {other} verbinden {small} Lights mit den anderen, mit {count} Sternen. Prüfen Sie ihre Lage im Bild.</translation>
    </message>
    <message>
        <source>it points more than {largest_angle} degrees away from the reference; stack it apart</source>
        <translation>es zeigt mehr als {largest_angle} Grad von der Referenz weg; stacken Sie es getrennt</translation>
    </message>
    <message>
        <source>only {inliers} of its stars agree with those of adjacent frames, {least_shared} are needed</source>
        <translation>nur {inliers} seiner Sterne passen zu denen benachbarter Bilder, {least_shared} werden gebraucht</translation>
    </message>
    <message>
        <source>its stars are {residual} px off those of the adjacent frames, {max_residual} px is the limit</source>
        <translation>seine Sterne liegen {residual} px neben denen der benachbarten Bilder, {max_residual} px ist die Grenze</translation>
    </message>
    <message>
        <source>Copy it again, or remove it.</source>
        <translation>Kopieren Sie es neu, oder entfernen Sie es.</translation>
    </message>
    <message>
        <source>{layout} holds no data: all of its pixels are 0 or not numbers.</source>
        <translation>{layout} enthält keine Daten: Alle Pixel sind 0 oder keine Zahlen.</translation>
    </message>
    <message>
        <source>Lights with areas without data (0 or not a number): {count}, {listing}. They have no weight there.</source>
        <translation>Lights mit Bereichen ohne Daten (0 oder keine Zahl): {count}, {listing}. Dort haben sie kein Gewicht.</translation>
    </message>
    <message>
        <source>{clipped} % of the pixels of the lights are clipped to 0: the dark part of the noise is lost, and faint light with it. Take lights with a higher offset (black level).</source>
        <translation>{clipped} % der Pixel der Lights sind auf 0 abgeschnitten: Der dunkle Teil des Rauschens ist verloren und mit ihm schwaches Licht. Nehmen Sie Lights mit höherem Offset (Schwarzwert) auf.</translation>
    </message>
    <message>
        <source>{origin} is not used: it has three colours, the lights are {cfa}.</source>
        <translation>{origin} wird nicht verwendet: Es hat drei Farben, die Lights sind {cfa}.</translation>
    </message>
    <message>
        <source>Give {role} frames as the camera wrote them.</source>
        <translation>Geben Sie Aufnahmen ({role}), wie die Kamera sie geschrieben hat.</translation>
    </message>
    <message>
        <source>The master {role} {master} has shape {shape}, the lights have {shape2}.</source>
        <translation>Der Master {master} ({role}) hat die Form {shape}, die Lights {shape2}.</translation>
    </message>
    <message>
        <source>mosaics</source>
        <translation>Mosaike</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>Give bias frames and darks of the same area and binning.</source>
        <translation>Geben Sie Bias und Darks mit gleichem Ausschnitt und Binning.</translation>
    </message>
    <message>
        <source>The master bias has the size {base}, the master dark {shape}.</source>
        <translation>Der Master-Bias hat die Größe {base}, der Master-Dark {shape}.</translation>
    </message>
    <message>
        <source>Siril lists {count} of {count2} lights.</source>
        <translation>Siril führt {count} von {count2} Lights auf.</translation>
    </message>
    <message>
        <source>Siril cannot scale a given master dark, which contains the bias.</source>
        <translation>Siril kann einen gegebenen Master-Dark, der das Bias enthält, nicht skalieren.</translation>
    </message>
    <message>
        <source>Siril needs two lights, {count} can be read.</source>
        <translation>Siril braucht zwei Lights, {count} sind lesbar.</translation>
    </message>
    <message>
        <source>Siril scales darks only on frames of at least {optimisation_square} pixels.</source>
        <translation>Siril skaliert Darks nur auf Bildern mit mindestens {optimisation_square} Pixeln.</translation>
    </message>
    <message>
        <source>Use --engine native.</source>
        <translation>Verwenden Sie --engine native.</translation>
    </message>
    <message>
        <source>Siril found no frame with enough stars to be the reference.</source>
        <translation>Siril fand kein Bild mit genug Sternen als Referenz.</translation>
    </message>
    <message>
        <source>its transform has the scale {scale}</source>
        <translation>seine Transformation hat den Maßstab {scale}</translation>
    </message>
    <message>
        <source>only {matched} of {possible} stars agree with its transform</source>
        <translation>nur {matched} von {possible} Sternen passen zu seiner Transformation</translation>
    </message>
    <message>
        <source>its stars are {residual} px off (rms)</source>
        <translation>seine Sterne liegen {residual} px daneben (RMS)</translation>
    </message>
    <message>
        <source>Siril could not register the reference {reference}.</source>
        <translation>Siril konnte die Referenz {reference} nicht registrieren.</translation>
    </message>
    <message>
        <source>Siril could not register it ({count} stars found)</source>
        <translation>Siril konnte es nicht registrieren ({count} Sterne gefunden)</translation>
    </message>
    <message>
        <source>its transform is a reflection</source>
        <translation>seine Transformation ist eine Spiegelung</translation>
    </message>
    <message>
        <source>Siril&apos;s sequence file {path} cannot be read: {error}.</source>
        <translation>Sirils Sequenzdatei {path} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>Siril&apos;s sequence file {path} is damaged: {error}.</source>
        <translation>Sirils Sequenzdatei {path} ist beschädigt: {error}.</translation>
    </message>
    <message>
        <source>its size {shape} is not that of the others {shape2}</source>
        <translation>seine Größe {shape} ist nicht die der anderen {shape2}</translation>
    </message>
    <message>
        <source>Give a master of the same camera and binning.</source>
        <translation>Geben Sie einen Master mit gleicher Kamera und gleichem Binning.</translation>
    </message>
    <message>
        <source>The master {frame} has the size {shape}, the lights have {shape2}.</source>
        <translation>Der Master {frame} hat die Größe {shape}, die Lights {shape2}.</translation>
    </message>
    <message>
        <source>Give the transforms of a session with the same reference, or leave the setting out.</source>
        <translation>Geben Sie die Transformationen einer Session mit derselben Referenz, oder lassen Sie die Einstellung weg.</translation>
    </message>
    <message>
        <source>Correct the file.</source>
        <translation>Korrigieren Sie die Datei.</translation>
    </message>
    <message>
        <source>Correct the file, or remove the lens from it.</source>
        <translation>Korrigieren Sie die Datei, oder entfernen Sie das Objektiv daraus.</translation>
    </message>
    <message>
        <source>{key}: the reference {reference} of {file} is not a usable light of this session.</source>
        <translation>{key}: Die Referenz {reference} von {file} ist kein brauchbares Light dieser Session.</translation>
    </message>
    <message>
        <source>Correct the path.</source>
        <translation>Korrigieren Sie den Pfad.</translation>
    </message>
    <message>
        <source>Give artifacts/registration.json of a run, or a file written by `run --save-transforms`.</source>
        <translation>Geben Sie artifacts/registration.json eines Laufs, oder eine Datei von `run --save-transforms`.</translation>
    </message>
    <message>
        <source>{key}: the transform of {info} in {file} is not an invertible 3x3 matrix.</source>
        <translation>{key}: Die Transformation von {info} in {file} ist keine umkehrbare 3x3-Matrix.</translation>
    </message>
    <message>
        <source>{key}: the transform of {info} in {file} moves it by {distance} px, more than {most_frames_away} times its size.</source>
        <translation>{key}: Die Transformation von {info} in {file} verschiebt es um {distance} px, mehr als das {most_frames_away}fache seiner Größe.</translation>
    </message>
    <message>
        <source>{key}: the lens of {info} in {file} has not the finite centre, radius and terms of a polynomial.</source>
        <translation>{key}: Das Objektiv von {info} in {file} hat nicht Zentrum, Radius und Terme eines Polynoms als endliche Zahlen.</translation>
    </message>
    <message>
        <source>{key}: {file} cannot be read: {strerror}.</source>
        <translation>{key}: {file} kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>{key}: {file} contains no transforms ({error}).</source>
        <translation>{key}: {file} enthält keine Transformationen ({error}).</translation>
    </message>
    <message>
        <source>{file} has no transform for it</source>
        <translation>{file} hat keine Transformation dafür</translation>
    </message>
    <message>
        <source>Check the folder and its permissions.</source>
        <translation>Prüfen Sie den Ordner und seine Rechte.</translation>
    </message>
    <message>
        <source>A frame is (columns, rows) or (columns, rows, 3); a cube of frames must not be packed with gzip.</source>
        <translation>Ein Bild ist (Spalten, Zeilen) oder (Spalten, Zeilen, 3); ein Würfel von Bildern darf nicht mit gzip gepackt sein.</translation>
    </message>
    <message>
        <source>Copy it again.</source>
        <translation>Kopieren Sie es neu.</translation>
    </message>
    <message>
        <source>Decompress it first (orchestrator.io.fits.decompress).</source>
        <translation>Entpacken Sie es zuerst (orchestrator.io.fits.decompress).</translation>
    </message>
    <message>
        <source>FITS allows 8, 16, 32, 64, -32, -64.</source>
        <translation>FITS erlaubt 8, 16, 32, 64, -32, -64.</translation>
    </message>
    <message>
        <source>{bad} % of its pixels are not numbers</source>
        <translation>{bad} % seiner Pixel sind keine Zahlen</translation>
    </message>
    <message>
        <source>{flat} % of its rows are empty or hold one value only</source>
        <translation>{flat} % seiner Zeilen sind leer oder enthalten nur einen Wert</translation>
    </message>
    <message>
        <source>Decompress it with funpack first, or remove it.</source>
        <translation>Entpacken Sie es zuerst mit funpack, oder entfernen Sie es.</translation>
    </message>
    <message>
        <source>Free some space, or choose another --runs-dir.</source>
        <translation>Schaffen Sie Platz, oder wählen Sie ein anderes --runs-dir.</translation>
    </message>
    <message>
        <source>{path} could not be written: {strerror}.</source>
        <translation>{path} konnte nicht geschrieben werden: {strerror}.</translation>
    </message>
    <message>
        <source>Remove it or copy it again.</source>
        <translation>Entfernen Sie es, oder kopieren Sie es neu.</translation>
    </message>
    <message>
        <source>its NAXIS is {count}</source>
        <translation>sein NAXIS ist {count}</translation>
    </message>
    <message>
        <source>its BITPIX is {bitpix}</source>
        <translation>sein BITPIX ist {bitpix}</translation>
    </message>
    <message>
        <source>{path} has {count} axes {axes}.</source>
        <translation>{path} hat {count} Achsen {axes}.</translation>
    </message>
    <message>
        <source>{path} has axes {axes}.</source>
        <translation>{path} hat die Achsen {axes}.</translation>
    </message>
    <message>
        <source>{path} is compressed.</source>
        <translation>{path} ist komprimiert.</translation>
    </message>
    <message>
        <source>{path} has BITPIX {bitpix}.</source>
        <translation>{path} hat BITPIX {bitpix}.</translation>
    </message>
    <message>
        <source>{path} is truncated: it has {available} of {needed} bytes of pixels.</source>
        <translation>{path} ist abgeschnitten: {available} von {needed} Bytes der Pixel sind da.</translation>
    </message>
    <message>
        <source>Its pixels have no value with it; write the frame again.</source>
        <translation>Damit haben seine Pixel keinen Wert; schreiben Sie das Bild neu.</translation>
    </message>
    <message>
        <source>{path} needs {needed} GiB of memory to be decompressed.</source>
        <translation>{path} braucht {needed} GiB Arbeitsspeicher zum Entpacken.</translation>
    </message>
    <message>
        <source>The disk is full: {path} could not be written.</source>
        <translation>Der Datenträger ist voll: {path} konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>{path} is truncated: it ends before its pixels do.</source>
        <translation>{path} ist abgeschnitten: Die Datei endet vor den Pixeln.</translation>
    </message>
    <message>
        <source>{path} is truncated.</source>
        <translation>{path} ist abgeschnitten.</translation>
    </message>
    <message>
        <source>{path} cannot be read as FITS: {reason}.</source>
        <translation>{path} kann nicht als FITS gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>its axes are {axes}</source>
        <translation>seine Achsen sind {axes}</translation>
    </message>
    <message>
        <source>its header has {axes} pixels, more than any camera</source>
        <translation>sein Header hat {axes} Pixel, mehr als jede Kamera</translation>
    </message>
    <message>
        <source>{path} has {key} {value}.</source>
        <translation>{path} hat {key} {value}.</translation>
    </message>
    <message>
        <source>{path} cannot be decompressed: {error}.</source>
        <translation>{path} kann nicht entpackt werden: {error}.</translation>
    </message>
    <message>
        <source>it contains {shape} pixels, its header has {shape2}</source>
        <translation>es enthält {shape} Pixel, sein Header nennt {shape2}</translation>
    </message>
    <message>
        <source>{path} has no plane {index}.</source>
        <translation>{path} hat keine Ebene {index}.</translation>
    </message>
    <message>
        <source>Give another file for the copy.</source>
        <translation>Geben Sie eine andere Datei für die Kopie an.</translation>
    </message>
    <message>
        <source>{share} % of the pixels are {where} and are clipped in 16 bits.</source>
        <translation>{share} % der Pixel sind {where} und werden in 16 Bit abgeschnitten.</translation>
    </message>
    <message>
        <source>{target} is the image itself.</source>
        <translation>{target} ist das Bild selbst.</translation>
    </message>
    <message>
        <source>Develop it to linear 16-bit TIFF in another program.</source>
        <translation>Entwickeln Sie es in einem anderen Programm zu einem linearen 16-Bit-TIFF.</translation>
    </message>
    <message>
        <source>{path} has a sensor with the colours {value}, which cannot be debayered here.</source>
        <translation>{path} stammt von einem Sensor mit den Farben {value}, der hier nicht debayert werden kann.</translation>
    </message>
    <message>
        <source>{path} is a raw file of a camera, and the program that decodes them is not installed.</source>
        <translation>{path} ist eine Rohdatei einer Kamera, und das Programm zum Dekodieren ist nicht installiert.</translation>
    </message>
    <message>
        <source>{path} is not a raw file that LibRaw {libraw_version} knows.</source>
        <translation>{path} ist keine Rohdatei, die LibRaw {libraw_version} kennt.</translation>
    </message>
    <message>
        <source>Copy it again, or convert it to DNG; a new camera may need a newer rawpy ({value}).</source>
        <translation>Kopieren Sie es neu, oder wandeln Sie es in DNG um; eine neue Kamera braucht vielleicht ein neueres rawpy ({value}).</translation>
    </message>
    <message>
        <source>{path} cannot be read as {name}: {error}.</source>
        <translation>{path} kann nicht als {name} gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>its header has {shape} pixels</source>
        <translation>sein Header hat {shape} Pixel</translation>
    </message>
    <message>
        <source>its samples have the type {dtype}</source>
        <translation>seine Werte haben den Typ {dtype}</translation>
    </message>
    <message>
        <source>a directory has {count} entries</source>
        <translation>ein Verzeichnis hat {count} Einträge</translation>
    </message>
    <message>
        <source>{file} has {complete} complete frames, no number {index}.</source>
        <translation>{file} hat {complete} vollständige Bilder, keine Nummer {index}.</translation>
    </message>
    <message>
        <source>its ColorID is {colour}; mono, Bayer mosaics, RGB and BGR can be read</source>
        <translation>seine ColorID ist {colour}; mono, Bayer-Mosaike, RGB und BGR sind lesbar</translation>
    </message>
    <message>
        <source>its PixelDepthPerPlane is {depth}</source>
        <translation>sein PixelDepthPerPlane ist {depth}</translation>
    </message>
    <message>
        <source>Export 16-bit or 32-bit linear TIFF, or give the raw frames.</source>
        <translation>Exportieren Sie ein lineares TIFF mit 16 oder 32 Bit, oder geben Sie die Rohbilder.</translation>
    </message>
    <message>
        <source>Save it as grey or RGB without alpha channel.</source>
        <translation>Speichern Sie es grau oder RGB ohne Alphakanal.</translation>
    </message>
    <message>
        <source>Save it with 16 or 32 bits.</source>
        <translation>Speichern Sie es mit 16 oder 32 Bit.</translation>
    </message>
    <message>
        <source>Export it with a linear profile (gamma 1.0), or give the raw frames.</source>
        <translation>Exportieren Sie es mit linearem Profil (Gamma 1,0), oder geben Sie die Rohbilder.</translation>
    </message>
    <message>
        <source>{path} has {bitspersample} bits per sample, as pictures have that were developed.</source>
        <translation>{path} hat {bitspersample} Bit pro Wert wie entwickelte Bilder.</translation>
    </message>
    <message>
        <source>{path} has PhotometricInterpretation {kind} and {samples} samples for each pixel.</source>
        <translation>{path} hat PhotometricInterpretation {kind} und {samples} Werte pro Pixel.</translation>
    </message>
    <message>
        <source>{path} has 64 bits per sample.</source>
        <translation>{path} hat 64 Bit pro Wert.</translation>
    </message>
    <message>
        <source>{path} has a colour profile with the tone curve of a screen: its values are not linear light.</source>
        <translation>{path} hat ein Farbprofil mit der Tonkurve eines Bildschirms: Seine Werte sind kein lineares Licht.</translation>
    </message>
    <message>
        <source>{path} is compressed with {compression}.</source>
        <translation>{path} ist mit {compression} komprimiert.</translation>
    </message>
    <message>
        <source>Save it without compression, or: {value}</source>
        <translation>Speichern Sie es ohne Kompression, oder: {value}</translation>
    </message>
    <message>
        <source>its compression is {codec}; zlib, lz4, lz4hc and zstd can be read</source>
        <translation>seine Kompression ist {codec}; zlib, lz4, lz4hc und zstd sind lesbar</translation>
    </message>
    <message>
        <source>its samples are {sampleformat}; {samples} can be read</source>
        <translation>seine Werte sind {sampleformat}; lesbar sind {samples}</translation>
    </message>
    <message>
        <source>its image is {geometry} {value}; grey and RGB ones can be read</source>
        <translation>sein Bild ist {geometry} {value}; graue und RGB-Bilder sind lesbar</translation>
    </message>
    <message>
        <source>its pixels are in a block of the kind {kind}; only attached blocks can be read</source>
        <translation>seine Pixel sind in einem Block der Art {kind}; nur angehängte Blöcke sind lesbar</translation>
    </message>
    <message>
        <source>its pixels are at {location}</source>
        <translation>seine Pixel sind in {location}</translation>
    </message>
    <message>
        <source>its compression is {compression}, its image has {expected} bytes</source>
        <translation>seine Kompression ist {compression}, sein Bild hat {expected} Bytes</translation>
    </message>
    <message>
        <source>it unpacks to {count} of {whole} bytes</source>
        <translation>es entpackt zu {count} von {whole} Bytes</translation>
    </message>
    <message>
        <source>{path} states {stated} frames and holds {complete}: those that are complete are used.</source>
        <translation>{path} nennt {stated} Bilder und enthält {complete}: Die vollständigen werden verwendet.</translation>
    </message>
    <message>
        <source>Unpack it first (orchestrator.io.frames.as_fits).</source>
        <translation>Entpacken Sie es zuerst (orchestrator.io.frames.as_fits).</translation>
    </message>
    <message>
        <source>{path} cannot be read as {name}: {value}.</source>
        <translation>{path} kann nicht als {name} gelesen werden: {value}.</translation>
    </message>
    <message>
        <source>{path} contains {shape} pixels, its header has {path2}.</source>
        <translation>{path} enthält {shape} Pixel, sein Header nennt {path2}.</translation>
    </message>
    <message>
        <source>Plate solve it: orchestrate solve FILE.</source>
        <translation>Bestimmen Sie die Astrometrie: orchestrate solve DATEI.</translation>
    </message>
    <message>
        <source>Give a folder that does not exist.</source>
        <translation>Geben Sie einen Ordner an, den es nicht gibt.</translation>
    </message>
    <message>
        <source>A HiPS needs the package reproject.</source>
        <translation>Für HiPS wird das Paket reproject gebraucht.</translation>
    </message>
    <message>
        <source>{source} has no WCS.</source>
        <translation>{source} hat kein WCS.</translation>
    </message>
    <message>
        <source>{folder} exists already.</source>
        <translation>{folder} gibt es schon.</translation>
    </message>
    <message>
        <source>Check the disk and the permissions of the folder.</source>
        <translation>Prüfen Sie den Datenträger und die Rechte des Ordners.</translation>
    </message>
    <message>
        <source>Put it back, or run again without it.</source>
        <translation>Stellen Sie es wieder her, oder starten Sie ohne es neu.</translation>
    </message>
    <message>
        <source>Check the disk.</source>
        <translation>Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>Run again when the file is complete.</source>
        <translation>Starten Sie neu, wenn die Datei vollständig ist.</translation>
    </message>
    <message>
        <source>{value} cannot be read: {strerror}.</source>
        <translation>{value} kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>{value} has changed during the run.</source>
        <translation>{value} hat sich während des Laufs geändert.</translation>
    </message>
    <message>
        <source>{value} is truncated: it ends before its pixels do.</source>
        <translation>{value} ist abgeschnitten: Die Datei endet vor den Pixeln.</translation>
    </message>
    <message>
        <source>The program&apos;s templates are missing.</source>
        <translation>Die Vorlagen des Programms fehlen.</translation>
    </message>
    <message>
        <source>Install the package again.</source>
        <translation>Installieren Sie das Paket neu.</translation>
    </message>
    <message>
        <source>The template {name} is missing.</source>
        <translation>Die Vorlage {name} fehlt.</translation>
    </message>
    <message>
        <source>its {packed} MiB would unpack to {needed} GiB, which no frame does</source>
        <translation>seine {packed} MiB würden zu {needed} GiB entpackt, so groß ist kein Bild</translation>
    </message>
    <message>
        <source>its headers describe {offset} GiB, which no frame in a file of this size has</source>
        <translation>seine Header beschreiben {offset} GiB, was kein Bild in einer Datei dieser Größe hat</translation>
    </message>
    <message>
        <source>{path} is damaged: {problem}.</source>
        <translation>{path} ist beschädigt: {problem}.</translation>
    </message>
    <message>
        <source>It is damaged or not a frame; copy it again.</source>
        <translation>Es ist beschädigt oder kein Bild; kopieren Sie es neu.</translation>
    </message>
    <message>
        <source>{path} has more than {most_after_image} MiB of data after its image.</source>
        <translation>{path} hat nach dem Bild mehr als {most_after_image} MiB Daten.</translation>
    </message>
    <message>
        <source>Nothing is written to folders of raw frames: choose another location.</source>
        <translation>In Ordner mit Rohbildern wird nichts geschrieben: Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>Give the name of a file.</source>
        <translation>Geben Sie den Namen einer Datei an.</translation>
    </message>
    <message>
        <source>Choose another name, or move that file first.</source>
        <translation>Wählen Sie einen anderen Namen, oder verschieben Sie zuerst diese Datei.</translation>
    </message>
    <message>
        <source>{path} would be written to {folder}, a folder of raw frames.</source>
        <translation>{path} würde in {folder} geschrieben, einen Ordner mit Rohbildern.</translation>
    </message>
    <message>
        <source>{path} is a folder.</source>
        <translation>{path} ist ein Ordner.</translation>
    </message>
    <message>
        <source>{path} exists and holds a frame or an image that this program did not write.</source>
        <translation>{path} gibt es und enthält ein Bild, das nicht von diesem Programm ist.</translation>
    </message>
    <message>
        <source>Choose a location outside the session.</source>
        <translation>Wählen Sie einen Ort außerhalb der Session.</translation>
    </message>
    <message>
        <source>{target} is in the session {inside}; session folders are never written to.</source>
        <translation>{target} ist in der Session {inside}; in Session-Ordner wird nie geschrieben.</translation>
    </message>
    <message>
        <source>{folder} is a folder of raw frames.</source>
        <translation>{folder} ist ein Ordner mit Rohbildern.</translation>
    </message>
    <message>
        <source>{folder} is in {raw}, a folder of raw frames.</source>
        <translation>{folder} ist in {raw}, einem Ordner mit Rohbildern.</translation>
    </message>
    <message>
        <source>clouds: {star_count} stars detected, {usual} are usual</source>
        <translation>Wolken: {star_count} Sterne erkannt, üblich sind {usual}</translation>
    </message>
    <message>
        <source>it cannot be registered: {found}</source>
        <translation>es kann nicht registriert werden: {found}</translation>
    </message>
    <message>
        <source>clouds: {starlight} % of the starlight of the reference</source>
        <translation>Wolken: {starlight} % des Sternlichts der Referenz</translation>
    </message>
    <message>
        <source>Some stacked lights were removed from the folder or changed: the stack keeps the sensor pattern that it contains; later lights are corrected.</source>
        <translation>Einige gestackte Lights wurden aus dem Ordner entfernt oder geändert: Der Stack behält das Sensormuster, das er enthält; spätere Lights werden korrigiert.</translation>
    </message>
    <message>
        <source>Start a new live stack with another --run-id.</source>
        <translation>Beginnen Sie einen neuen Live-Stack mit einer anderen --run-id.</translation>
    </message>
    <message>
        <source>The reference of the live stack cannot be read: {measured}</source>
        <translation>Die Referenz des Live-Stacks kann nicht gelesen werden: {measured}</translation>
    </message>
    <message>
        <source>restacking {count} lights without the sensor pattern</source>
        <translation>{count} Lights werden ohne das Sensormuster neu gestackt</translation>
    </message>
    <message>
        <source>it has the same pixels as {name}, which is in the stack</source>
        <translation>es hat dieselben Pixel wie {name}, das im Stack ist</translation>
    </message>
    <message>
        <source>the stack shows {shown}</source>
        <translation>der Stack zeigt {shown}</translation>
    </message>
    <message>
        <source>{star_count} stars detected, too few for registration</source>
        <translation>{star_count} Sterne erkannt, zu wenige zum Registrieren</translation>
    </message>
    <message>
        <source>its size, gain or binning differ from those of the earlier frames</source>
        <translation>Größe, Gain oder Binning sind anders als bei den früheren Bildern</translation>
    </message>
    <message>
        <source>it was changed after it was stacked; its earlier content is in the stack</source>
        <translation>es wurde nach dem Stacken geändert; sein früherer Inhalt ist im Stack</translation>
    </message>
    <message>
        <source>Give HOST:PORT, such as 127.0.0.1:8000.</source>
        <translation>Geben Sie HOST:PORT an, zum Beispiel 127.0.0.1:8000.</translation>
    </message>
    <message>
        <source>Choose another --page-address, such as 127.0.0.1:0 for any free port.</source>
        <translation>Wählen Sie ein anderes --page-address, zum Beispiel 127.0.0.1:0 für einen freien Port.</translation>
    </message>
    <message>
        <source>{text} is not an address of a page.</source>
        <translation>{text} ist keine Adresse einer Seite.</translation>
    </message>
    <message>
        <source>The page cannot be served at {address}:{address2}: {error}.</source>
        <translation>Die Seite kann unter {address}:{address2} nicht angeboten werden: {error}.</translation>
    </message>
    <message>
        <source>the field of {info}</source>
        <translation>das Feld von {info}</translation>
    </message>
    <message>
        <source>{inliers} stars place it on {label}</source>
        <translation>{inliers} Sterne setzen es auf {label}</translation>
    </message>
    <message>
        <source>it cannot be registered: {stars}, its header {away} fields away from there</source>
        <translation>es kann nicht registriert werden: {stars}, sein Header liegt {away} Felder davon entfernt</translation>
    </message>
    <message>
        <source>it cannot be registered: {stars}, {inliers} on {label}, at another place</source>
        <translation>es kann nicht registriert werden: {stars}, {inliers} auf {label}, an anderer Stelle</translation>
    </message>
    <message>
        <source>it cannot be registered: {reasons}</source>
        <translation>es kann nicht registriert werden: {reasons}</translation>
    </message>
    <message>
        <source>{label} is not shown</source>
        <translation>{label} wird nicht gezeigt</translation>
    </message>
    <message>
        <source>lights of {others}</source>
        <translation>Lights von {others}</translation>
    </message>
    <message>
        <source>its filter is {other}, {reason}</source>
        <translation>sein Filter ist {other}, {reason}</translation>
    </message>
    <message>
        <source>To start again, remove its folder or choose another --run-id; the raw frames are not affected.</source>
        <translation>Für einen Neubeginn entfernen Sie seinen Ordner, oder wählen Sie eine andere --run-id; die Rohbilder sind nicht betroffen.</translation>
    </message>
    <message>
        <source>The state of the live stack {path} cannot be read: {error}.</source>
        <translation>Der Stand des Live-Stacks {path} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>The live stack {path} was written by another version of orchestrate.</source>
        <translation>Der Live-Stack {path} ist von einer anderen Version von orchestrate.</translation>
    </message>
    <message>
        <source>Choose another --run-id.</source>
        <translation>Wählen Sie eine andere --run-id.</translation>
    </message>
    <message>
        <source>Continue with the same settings, or start a new live stack with another --run-id.</source>
        <translation>Machen Sie mit denselben Einstellungen weiter, oder beginnen Sie einen neuen Live-Stack mit einer anderen --run-id.</translation>
    </message>
    <message>
        <source>Use --every 10 --poll 2.</source>
        <translation>Verwenden Sie --every 10 --poll 2.</translation>
    </message>
    <message>
        <source>Remove that folder, or choose another --run-id.</source>
        <translation>Entfernen Sie diesen Ordner, oder wählen Sie eine andere --run-id.</translation>
    </message>
    <message>
        <source>{parent} contains the live stack of {before}.</source>
        <translation>{parent} enthält den Live-Stack von {before}.</translation>
    </message>
    <message>
        <source>{parent} contains a live stack that was written by another version of orchestrate.</source>
        <translation>{parent} enthält einen Live-Stack von einer anderen Version von orchestrate.</translation>
    </message>
    <message>
        <source>{changed} differ from those of the live stack in {parent}.</source>
        <translation>{changed} sind anders als beim Live-Stack in {parent}.</translation>
    </message>
    <message>
        <source>The live stack shows the filter {shown}; lights of {other} are {other_filters_note}.</source>
        <translation>Der Live-Stack zeigt den Filter {shown}; Lights von {other} werden {other_filters_note}.</translation>
    </message>
    <message>
        <source>{label} ({count} lights from {lead} on)</source>
        <translation>{label} ({count} Lights ab {lead})</translation>
    </message>
    <message>
        <source>every={every}, poll={poll}: both must be above 0.</source>
        <translation>every={every}, poll={poll}: Beide müssen über 0 sein.</translation>
    </message>
    <message>
        <source>{mark} cannot be read: {error}.</source>
        <translation>{mark} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>The live stack in {directory} shows the filter {shown}, not {show}.</source>
        <translation>Der Live-Stack in {directory} zeigt den Filter {shown}, nicht {show}.</translation>
    </message>
    <message>
        <source>Continue with --show {shown}, or start another live stack with --run-id.</source>
        <translation>Machen Sie mit --show {shown} weiter, oder beginnen Sie einen anderen Live-Stack mit --run-id.</translation>
    </message>
    <message>
        <source>it cannot be read: {error}</source>
        <translation>es kann nicht gelesen werden: {error}</translation>
    </message>
    <message>
        <source>Lights that share no star pattern with the others yet: {count} ({names}). They wait, and are added when lights that show the same stars arrive.</source>
        <translation>Lights, die mit den anderen noch kein Sternmuster gemeinsam haben: {count} ({names}). Sie warten und kommen dazu, wenn Lights mit denselben Sternen eintreffen.</translation>
    </message>
    <message>
        <source>{path} is left out: {reason}</source>
        <translation>{path} wird weggelassen: {reason}</translation>
    </message>
    <message>
        <source>{frames} is not in the picture: {reason}.</source>
        <translation>{frames} ist nicht im Bild: {reason}.</translation>
    </message>
    <message>
        <source>Only {ties} stars of other panels place {frames}: its stars may be some tenths of a pixel off. The full run (--finish, or `orchestrate run`) compares all lights with each other.</source>
        <translation>Nur {ties} Sterne anderer Kacheln legen {frames} fest: Seine Sterne können einige Zehntel Pixel daneben liegen. Der volle Lauf (--finish, oder `orchestrate run`) vergleicht alle Lights miteinander.</translation>
    </message>
    <message>
        <source>The stack could not be plate solved: {error}</source>
        <translation>Die Astrometrie des Stacks ist nicht gelungen: {error}</translation>
    </message>
    <message>
        <source>The stack has no WCS: {why}</source>
        <translation>Der Stack hat kein WCS: {why}</translation>
    </message>
    <message>
        <source>The WCS of the stack is wrong by up to {error} px: with registration.transform {transform} the lens stays in the picture, and neighbouring panels disagree. registration.transform: auto removes it.</source>
        <translation>Das WCS des Stacks ist um bis zu {error} px falsch: Mit registration.transform {transform} bleibt die Verzeichnung im Bild, und benachbarte Kacheln passen nicht zusammen. registration.transform: auto entfernt sie.</translation>
    </message>
    <message>
        <source>The WCS of the stack by {source} could not be compared with a catalog: {error}</source>
        <translation>Das WCS des Stacks von {source} konnte nicht mit einem Katalog verglichen werden: {error}</translation>
    </message>
    <message>
        <source>The WCS of the stack by {source} is not used: {why} ({against}). The stack is plate solved instead; check the positions of its frames.</source>
        <translation>Das WCS des Stacks von {source} wird nicht verwendet: {why} ({against}). Die Astrometrie wird stattdessen am Stack bestimmt; prüfen Sie die Positionen seiner Bilder.</translation>
    </message>
    <message>
        <source>{fallback} The native polynomial was used for the background.</source>
        <translation>{fallback} Für den Hintergrund wurde das eigene Polynom verwendet.</translation>
    </message>
    <message>
        <source>Only a plane was subtracted from the background of {planes}, not the curved model: {doubt}.{remedy}</source>
        <translation>Vom Hintergrund von {planes} wurde nur eine Ebene abgezogen, nicht das gekrümmte Modell: {doubt}.{remedy}</translation>
    </message>
    <message>
        <source>{path} is a mosaic</source>
        <translation>{path} ist ein Mosaik</translation>
    </message>
    <message>
        <source>The background was not changed: {declined}.{remedy}</source>
        <translation>Der Hintergrund wurde nicht verändert: {declined}.{remedy}</translation>
    </message>
    <message>
        <source>The background of {channel} was not changed: {failed}.</source>
        <translation>Der Hintergrund von {channel} wurde nicht verändert: {failed}.</translation>
    </message>
    <message>
        <source>Siril failed; the native engine is used instead: {error}</source>
        <translation>Siril ist gescheitert; stattdessen wird die eigene Engine verwendet: {error}</translation>
    </message>
    <message>
        <source>there are no darks, and bad pixels cannot be detected in fewer than {min_lights} lights</source>
        <translation>es gibt keine Darks, und schlechte Pixel sind in weniger als {min_lights} Lights nicht erkennbar</translation>
    </message>
    <message>
        <source>{error} The native engine is used.</source>
        <translation>{error} Die eigene Engine wird verwendet.</translation>
    </message>
    <message>
        <source>{lights} is not used: {reason}</source>
        <translation>{lights} wird nicht verwendet: {reason}</translation>
    </message>
    <message>
        <source>Saved to the library of masters: {saved}.</source>
        <translation>In der Bibliothek der Master gespeichert: {saved}.</translation>
    </message>
    <message>
        <source>engine.name is native</source>
        <translation>engine.name ist native</translation>
    </message>
    <message>
        <source>reduced mode: {count} frames, clustering needs {least}</source>
        <translation>reduzierter Modus: {count} Bilder, das Clustering braucht {least}</translation>
    </message>
    <message>
        <source>H-alpha and [O III] separated: green records {green_of_ha} % of H-alpha, red {red_of_oiii} % of [O III]</source>
        <translation>H-alpha und [O III] getrennt: Grün nimmt {green_of_ha} % von H-alpha auf, Rot {red_of_oiii} % von [O III]</translation>
    </message>
    <message>
        <source>{fallback} The native photometry was used for the colours.</source>
        <translation>{fallback} Für die Farben wurde die eigene Photometrie verwendet.</translation>
    </message>
    <message>
        <source>The colours were not changed: {declined}.</source>
        <translation>Die Farben wurden nicht verändert: {declined}.</translation>
    </message>
    <message>
        <source>H-alpha and [O III] were not separated: {reason}.</source>
        <translation>H-alpha und [O III] wurden nicht getrennt: {reason}.</translation>
    </message>
    <message>
        <source>{path} has no colours</source>
        <translation>{path} hat keine Farben</translation>
    </message>
    <message>
        <source>{above} pixels are brighter than the full scale of the reference {name}, and are clipped in the stack, although shorter exposures show them. Set registration.reference to one of the shorter exposures.</source>
        <translation>{above} Pixel sind heller als der Vollausschlag der Referenz {name} und im Stack abgeschnitten, obwohl kürzere Belichtungen sie zeigen. Setzen Sie registration.reference auf eine der kürzeren Belichtungen.</translation>
    </message>
    <message>
        <source>{holes} pixels of the mosaic have no sample of their colour and were filled from neighbours.</source>
        <translation>{holes} Pixel des Mosaiks haben keinen Wert ihrer Farbe und wurden aus den Nachbarn gefüllt.</translation>
    </message>
    <message>
        <source>{error} The mosaic was debayered with malvar instead.</source>
        <translation>{error} Das Mosaik wurde stattdessen mit malvar debayert.</translation>
    </message>
    <message>
        <source>the stack already has colours (debayer: {mode})</source>
        <translation>der Stack hat schon Farben (debayer: {mode})</translation>
    </message>
    <message>
        <source>The selection keeps {count} of {count2} frames: too few for reliable outlier rejection.</source>
        <translation>Die Auswahl behält {count} von {count2} Bildern: zu wenige für eine verlässliche Rejektion von Ausreißern.</translation>
    </message>
    <message>
        <source>stacking.exclude leaves {least} frames in a tile: with fewer than {min_survivors} (stacking.min_survivors) nothing is rejected there.</source>
        <translation>stacking.exclude lässt in einer Kachel {least} Bilder übrig: Mit weniger als {min_survivors} (stacking.min_survivors) wird dort nichts verworfen.</translation>
    </message>
    <message>
        <source>The brightness of {count} of {count2} panels relative to the reference has an error above {max_scale_error} %: {shown}.{remedy}</source>
        <translation>Die Helligkeit von {count} der {count2} Kacheln relativ zur Referenz hat einen Fehler über {max_scale_error} %: {shown}.{remedy}</translation>
    </message>
    <message>
        <source>panel {value} ({count} frames from {first} on, {stars} stars in its overlaps): {known}{seen}</source>
        <translation>Kachel {value} ({count} Bilder ab {first}, {stars} Sterne in den Überlappungen): {known}{seen}</translation>
    </message>
    <message>
        <source>output.hips: {error} Then write it with `orchestrate export {directory} --hips FOLDER`.</source>
        <translation>output.hips: {error} Schreiben Sie es dann mit `orchestrate export {directory} --hips ORDNER`.</translation>
    </message>
    <message>
        <source>FWHM {fwhm} px and {count} frames sample the planes of the mosaic well</source>
        <translation>FWHM {fwhm} px und {count} Bilder tasten die Ebenen des Mosaiks gut ab</translation>
    </message>
    <message>
        <source>Use reconstruction.method mean, or leave out the nights of other cameras.</source>
        <translation>Verwenden Sie reconstruction.method mean, oder lassen Sie die Nächte anderer Kameras weg.</translation>
    </message>
    <message>
        <source>reconstruction.method: drizzle needs frames that have not been resampled.</source>
        <translation>reconstruction.method: drizzle braucht Bilder, die nicht umgerechnet sind.</translation>
    </message>
    <message>
        <source>Set engine.siril.output to transforms.</source>
        <translation>Setzen Sie engine.siril.output auf transforms.</translation>
    </message>
    <message>
        <source>Leave debayer.stage at auto.</source>
        <translation>Lassen Sie debayer.stage auf auto.</translation>
    </message>
    <message>
        <source>Increase registration.max_mosaic_growth to keep all of it ({needed} GiB on the disk for its products).</source>
        <translation>Erhöhen Sie registration.max_mosaic_growth, um alles zu behalten ({needed} GiB auf dem Datenträger für die Produkte).</translation>
    </message>
    <message>
        <source>debayer.stage is {stage}</source>
        <translation>debayer.stage ist {stage}</translation>
    </message>
    <message>
        <source>the field rotates by {largest} deg: the planes of the mosaic are rotated against one another</source>
        <translation>das Feld dreht sich um {largest} Grad: Die Ebenen des Mosaiks sind gegeneinander gedreht</translation>
    </message>
    <message>
        <source>FWHM {fwhm} px is below {min_fwhm_last}: the planes of the mosaic are undersampled</source>
        <translation>FWHM {fwhm} px ist unter {min_fwhm_last}: Die Ebenen des Mosaiks sind zu grob abgetastet</translation>
    </message>
    <message>
        <source>{count} frames are too few to fill the planes of the mosaic</source>
        <translation>{count} Bilder sind zu wenige, um die Ebenen des Mosaiks zu füllen</translation>
    </message>
    <message>
        <source>reconstruction.method: {method} needs frames of one pixel scale; these have several (different cameras, telescopes or binnings).</source>
        <translation>reconstruction.method: {method} braucht Bilder eines Pixelmaßstabs; diese haben mehrere (verschiedene Kameras, Teleskope oder Binnings).</translation>
    </message>
    <message>
        <source>reconstruction.method: drizzle cannot be combined with debayer.stage {stage}.</source>
        <translation>reconstruction.method: drizzle kann nicht mit debayer.stage {stage} kombiniert werden.</translation>
    </message>
    <message>
        <source>All of it needs {needed} GiB on the disk for its products ({free} GiB are free at {outputs}) and {memory} GiB of memory: make room, or set mosaic.scale to larger pixels; registration.max_mosaic_growth overrides this limit.</source>
        <translation>Alles davon braucht {needed} GiB auf dem Datenträger für die Produkte ({free} GiB sind frei in {outputs}) und {memory} GiB Arbeitsspeicher: Schaffen Sie Platz, oder setzen Sie mosaic.scale auf größere Pixel; registration.max_mosaic_growth hebt diese Grenze auf.</translation>
    </message>
    <message>
        <source>The {mosaic} has {whole} times the area of a frame: it is cropped to {area} times, around the reference. {remedy}</source>
        <translation>Das {mosaic} hat das {whole}fache der Fläche eines Bildes: Es wird um die Referenz auf das {area}fache beschnitten. {remedy}</translation>
    </message>
    <message>
        <source>The mosaic is typically {depth} frames deep; thin panels are kept: {kept}.</source>
        <translation>Das Mosaik ist meist {depth} Bilder tief; dünne Kacheln bleiben: {kept}.</translation>
    </message>
    <message>
        <source>Single frames beside the mosaic, where nothing can be rejected, do not enlarge the canvas: {alone}. canvas.crop: none keeps them.</source>
        <translation>Einzelne Bilder neben dem Mosaik, wo nichts verworfen werden kann, vergrößern die Fläche nicht: {alone}. canvas.crop: none behält sie.</translation>
    </message>
    <message>
        <source>The products of the {mosaic} take {products} GiB on the disk; {free} GiB are free at {outputs}. Free some, decrease registration.max_mosaic_growth, or set debayer.stage to superpixel.</source>
        <translation>Die Produkte des {mosaic} brauchen {products} GiB auf dem Datenträger; {free} GiB sind frei in {outputs}. Schaffen Sie Platz, verringern Sie registration.max_mosaic_growth, oder setzen Sie debayer.stage auf superpixel.</translation>
    </message>
    <message>
        <source>{depth} frames with {depth2} times the noise ({text})</source>
        <translation>{depth} Bilder mit dem {depth2}fachen des Rauschens ({text})</translation>
    </message>
    <message>
        <source>the frames already have three colours</source>
        <translation>die Bilder haben schon drei Farben</translation>
    </message>
    <message>
        <source>mono frames</source>
        <translation>Monobilder</translation>
    </message>
    <message>
        <source>whole-pixel shifts leave the pixels of the mosaic as they are</source>
        <translation>Verschiebungen um ganze Pixel lassen die Pixel des Mosaiks, wie sie sind</translation>
    </message>
    <message>
        <source>the lights of the mosaic were solved with astrometry.solver {solver}, not {wanted}</source>
        <translation>die Astrometrie der Lights des Mosaiks kam von astrometry.solver {solver}, nicht von {wanted}</translation>
    </message>
    <message>
        <source>See artifacts/registration.json. Add frames, or use --set input.allow_emergency_mode=true.</source>
        <translation>Siehe artifacts/registration.json. Fügen Sie Bilder hinzu, oder verwenden Sie --set input.allow_emergency_mode=true.</translation>
    </message>
    <message>
        <source>engine.siril.output: frames needs lights of one size; the nights have several.</source>
        <translation>engine.siril.output: frames braucht Lights einer Größe; die Nächte haben mehrere.</translation>
    </message>
    <message>
        <source>{readable} of {readable2} master tiles share too few stars with the others: all are placed by the WCS in their headers.</source>
        <translation>{readable} von {readable2} Master-Kacheln haben zu wenige Sterne mit den anderen gemeinsam: Alle werden nach dem WCS in ihren Headern platziert.</translation>
    </message>
    <message>
        <source>registration.transform: integer cannot be combined with engine.siril.output: frames.</source>
        <translation>registration.transform: integer kann nicht mit engine.siril.output: frames kombiniert werden.</translation>
    </message>
    <message>
        <source>registration.transforms cannot be combined with engine.siril.output: frames.</source>
        <translation>registration.transforms kann nicht mit engine.siril.output: frames kombiniert werden.</translation>
    </message>
    <message>
        <source>Only {usable} of {count} lights could be registered, {min_frames} are needed ({reasons}).</source>
        <translation>Nur {usable} von {count} Lights konnten registriert werden, {min_frames} werden gebraucht ({reasons}).</translation>
    </message>
    <message>
        <source>The reference {reference} ({exposure} s) clips light that shorter exposures record; in its scale the stack clips it, too. Use --set registration.reference={info}, or --set engine.siril.output=transforms.</source>
        <translation>In der Referenz {reference} ({exposure} s) ist Licht abgeschnitten, das kürzere Belichtungen aufnehmen; in ihrer Skala schneidet der Stack es auch ab. Verwenden Sie --set registration.reference={info}, oder --set engine.siril.output=transforms.</translation>
    </message>
    <message>
        <source>The reference {name} has {clearer} % of the light of the clearest frames, and the fluxes of the stack are in its scale. Use --set registration.reference={info}.</source>
        <translation>Die Referenz {name} hat {clearer} % des Lichts der klarsten Bilder, und die Flüsse des Stacks sind in ihrer Skala. Verwenden Sie --set registration.reference={info}.</translation>
    </message>
    <message>
        <source>The lights are panels of a mosaic: {count} of {count2} are registered on the sky by the native engine.</source>
        <translation>Die Lights sind Kacheln eines Mosaiks: {count} von {count2} werden von der eigenen Engine am Himmel registriert.</translation>
    </message>
    <message>
        <source>Frames are shifted by whole pixels: stars are misplaced by {errors} px (median), {errors2} px at most.</source>
        <translation>Die Bilder werden um ganze Pixel verschoben: Sterne liegen {errors} px daneben (Median), höchstens {errors2} px.</translation>
    </message>
    <message>
        <source>Remove it from the session.</source>
        <translation>Entfernen Sie es aus der Session.</translation>
    </message>
    <message>
        <source>{info} is left out: {reason}</source>
        <translation>{info} wird weggelassen: {reason}</translation>
    </message>
    <message>
        <source>Emergency mode: only {usable} frames could be used.</source>
        <translation>Notbetrieb: Nur {usable} Bilder konnten verwendet werden.</translation>
    </message>
    <message>
        <source>{info} could not be measured: {item}</source>
        <translation>{info} konnte nicht gemessen werden: {item}</translation>
    </message>
    <message>
        <source>Not used: {reason}</source>
        <translation>Nicht verwendet: {reason}</translation>
    </message>
    <message>
        <source>Not used: {shown}: {reason}</source>
        <translation>Nicht verwendet: {shown}: {reason}</translation>
    </message>
    <message>
        <source>{holes} pixels of the drizzled image have no sample of a colour and were filled from their neighbours. Use more frames, a larger reconstruction.pixfrac or a smaller scale.</source>
        <translation>{holes} Pixel des Drizzle-Bildes haben keinen Wert einer Farbe und wurden aus den Nachbarn gefüllt. Verwenden Sie mehr Bilder, ein größeres reconstruction.pixfrac oder einen kleineren Maßstab.</translation>
    </message>
    <message>
        <source>--set selection.keep_fraction={keep_fraction} (the worst frames are left out)</source>
        <translation>--set selection.keep_fraction={keep_fraction} (die schlechtesten Bilder werden weggelassen)</translation>
    </message>
    <message>
        <source>{reason}: try {remedy}</source>
        <translation>{reason}: Versuchen Sie {remedy}</translation>
    </message>
    <message>
        <source>--set reconstruction.target_fwhm with a larger value</source>
        <translation>--set reconstruction.target_fwhm mit einem größeren Wert</translation>
    </message>
    <message>
        <source>{reason}, the limit is {limit}</source>
        <translation>{reason}, die Grenze ist {limit}</translation>
    </message>
    <message>
        <source>{reason}, the minimum is {limit}</source>
        <translation>{reason}, das Minimum ist {limit}</translation>
    </message>
    <message>
        <source>FWHM {fwhm} px is {growth} times that of the plain mean</source>
        <translation>FWHM {fwhm} px ist das {growth}fache des einfachen Mittels</translation>
    </message>
    <message>
        <source>{remedy}, and check artifacts/registration.json for badly registered frames</source>
        <translation>{remedy}, und suchen Sie in artifacts/registration.json nach schlecht registrierten Bildern</translation>
    </message>
    <message>
        <source>the noise is {noise_growth} times that of the plain mean</source>
        <translation>das Rauschen ist das {noise_growth}fache des einfachen Mittels</translation>
    </message>
    <message>
        <source>seam score {seam}: borders of tiles are visible in the sky</source>
        <translation>Nahtwert {seam}: Grenzen von Kacheln sind im Himmel sichtbar</translation>
    </message>
    <message>
        <source>star fluxes scatter by {scatter} mag relative to the plain mean</source>
        <translation>die Flüsse der Sterne streuen um {scatter} mag gegenüber dem einfachen Mittel</translation>
    </message>
    <message>
        <source>star fluxes change over the field by {drift} mag relative to the plain mean</source>
        <translation>die Flüsse der Sterne ändern sich über das Feld um {drift} mag gegenüber dem einfachen Mittel</translation>
    </message>
    <message>
        <source>the weights keep {point} of the information on stars</source>
        <translation>die Gewichte behalten {point} der Information über Sterne</translation>
    </message>
    <message>
        <source>the weights keep {extended} of the information on extended light</source>
        <translation>die Gewichte behalten {extended} der Information über flächiges Licht</translation>
    </message>
    <message>
        <source>a few frames dominate: in the median tile they count as {effective} of {frames}, {share} of those that cover it</source>
        <translation>wenige Bilder überwiegen: In der mittleren Kachel zählen sie wie {effective} von {frames}, {share} derer, die sie abdecken</translation>
    </message>
    <message>
        <source>Validation: {reason}</source>
        <translation>Prüfung: {reason}</translation>
    </message>
    <message>
        <source>stars may be rejected</source>
        <translation>Sterne werden vielleicht verworfen</translation>
    </message>
    <message>
        <source>Resume with the newer version of orchestrate that began the run.</source>
        <translation>Setzen Sie den Lauf mit der neueren Version von orchestrate fort, die ihn begonnen hat.</translation>
    </message>
    <message>
        <source>Run the session again with `orchestrate run`.</source>
        <translation>Stacken Sie die Session noch einmal mit `orchestrate run`.</translation>
    </message>
    <message>
        <source>The checkpoint of {phase} has the format {schema}; this program reads {schema2}.</source>
        <translation>Der Zwischenstand von {phase} hat das Format {schema}; dieses Programm liest {schema2}.</translation>
    </message>
    <message>
        <source>The checkpoint of {phase} was made by an earlier version of orchestrate (format {schema}, this program reads {schema2}).</source>
        <translation>Der Zwischenstand von {phase} ist von einer früheren Version von orchestrate (Format {schema}, dieses Programm liest {schema2}).</translation>
    </message>
    <message>
        <source>{before} of {size} tiles</source>
        <translation>{before} von {size} Kacheln</translation>
    </message>
    <message>
        <source>Give X0,Y0,X1,Y1 with X0 &lt; X1 and Y0 &lt; Y1.</source>
        <translation>Geben Sie X0,Y0,X1,Y1 mit X0 &lt; X1 und Y0 &lt; Y1.</translation>
    </message>
    <message>
        <source>all of the canvas, since reconstruction.method is {method}</source>
        <translation>alles, denn reconstruction.method ist {method}</translation>
    </message>
    <message>
        <source>The box {box} has no area.</source>
        <translation>Das Rechteck {box} hat keine Fläche.</translation>
    </message>
    <message>
        <source>Remove it from the list.</source>
        <translation>Entfernen Sie es aus der Liste.</translation>
    </message>
    <message>
        <source>Finish the run first: `orchestrate resume`.</source>
        <translation>Beenden Sie zuerst den Lauf: `orchestrate resume`.</translation>
    </message>
    <message>
        <source>{entry} is not excluded.</source>
        <translation>{entry} ist nicht ausgeschlossen.</translation>
    </message>
    <message>
        <source>Excluded by hand: {known}.</source>
        <translation>Von Hand ausgeschlossen: {known}.</translation>
    </message>
    <message>
        <source>{frame} is not in the stack: {reason}.</source>
        <translation>{frame} ist nicht im Stack: {reason}.</translation>
    </message>
    <message>
        <source>all of the canvas, since its arrays were removed</source>
        <translation>alles, denn die Arrays wurden entfernt</translation>
    </message>
    <message>
        <source>all of the canvas, since a frame is excluded or included everywhere</source>
        <translation>alles, denn ein Bild wird überall aus- oder eingeschlossen</translation>
    </message>
    <message>
        <source>{kind} in the session: {names}{more}</source>
        <translation>{kind} in der Session: {names}{more}</translation>
    </message>
    <message>
        <source>{key}: the file has changed</source>
        <translation>{key}: Die Datei hat sich geändert</translation>
    </message>
    <message>
        <source>{directory} was made of {count} folders, {count2} are given.</source>
        <translation>{directory} entstand aus {count} Ordnern, {count2} sind angegeben.</translation>
    </message>
    <message>
        <source>Give the folder with the same frames, or stack these with `orchestrate run`.</source>
        <translation>Geben Sie den Ordner mit denselben Bildern an, oder stacken Sie diese mit `orchestrate run`.</translation>
    </message>
    <message>
        <source>Give the folder with all frames of the run, or stack it with `orchestrate run`.</source>
        <translation>Geben Sie den Ordner mit allen Bildern des Laufs an, oder stacken Sie ihn mit `orchestrate run`.</translation>
    </message>
    <message>
        <source>{path} is not the file that was {old}.</source>
        <translation>{path} ist nicht die Datei, die {old} war.</translation>
    </message>
    <message>
        <source>{path}, which was {old}, cannot be read: {strerror}.</source>
        <translation>{path}, früher {old}, kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>The session folder {missing} of {directory} does not exist; {readers} reads it ({repeated}).</source>
        <translation>Den Session-Ordner {missing} von {directory} gibt es nicht; {readers} liest ihn ({repeated}).</translation>
    </message>
    <message>
        <source>Restore it, or give its new location: `orchestrate resume {directory} --session FOLDER`.</source>
        <translation>Stellen Sie ihn wieder her, oder geben Sie seinen neuen Ort an: `orchestrate resume {directory} --session ORDNER`.</translation>
    </message>
    <message>
        <source>the calibrated frames in {run} are missing, {user} reads them</source>
        <translation>die kalibrierten Bilder in {run} fehlen, {user} liest sie</translation>
    </message>
    <message>
        <source>--from-phase {from_phase} is not a phase.</source>
        <translation>--from-phase {from_phase} ist keine Phase.</translation>
    </message>
    <message>
        <source>--from-phase {from_phase}: {early} comes before it and has to be repeated ({repeated}).</source>
        <translation>--from-phase {from_phase}: {early} kommt davor und muss wiederholt werden ({repeated}).</translation>
    </message>
    <message>
        <source>Use --from-phase {early}, or leave --from-phase out.</source>
        <translation>Verwenden Sie --from-phase {early}, oder lassen Sie --from-phase weg.</translation>
    </message>
    <message>
        <source>{chain} writes {path} again</source>
        <translation>{chain} schreibt {path} neu</translation>
    </message>
    <message>
        <source>{path} is missing or was changed</source>
        <translation>{path} fehlt oder wurde geändert</translation>
    </message>
    <message>
        <source>it uses {follows}</source>
        <translation>es verwendet {follows}</translation>
    </message>
    <message>
        <source>its arrays were removed, {phase} needs them</source>
        <translation>seine Arrays wurden entfernt, {phase} braucht sie</translation>
    </message>
    <message>
        <source>Check that the disk is not full and that the folder can be written.</source>
        <translation>Prüfen Sie, ob der Datenträger voll ist und in den Ordner geschrieben werden kann.</translation>
    </message>
    <message>
        <source>No session was given.</source>
        <translation>Es ist keine Session angegeben.</translation>
    </message>
    <message>
        <source>Name the folder with the frames.</source>
        <translation>Nennen Sie den Ordner mit den Bildern.</translation>
    </message>
    <message>
        <source>runtime.device: {reason}; the CPU is used.</source>
        <translation>runtime.device: {reason}; die CPU wird verwendet.</translation>
    </message>
    <message>
        <source>Session cache: {count} entries were damaged and are made again, such as {damaged}. Check the disk.</source>
        <translation>Session-Cache: {count} Einträge waren beschädigt und werden neu berechnet, zum Beispiel {damaged}. Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>{given} has no {file}</source>
        <translation>{given} hat kein {file}</translation>
    </message>
    <message>
        <source>{given} does not exist</source>
        <translation>{given} gibt es nicht</translation>
    </message>
    <message>
        <source>Give the directory of a finished run, or its {file}.</source>
        <translation>Geben Sie den Ordner eines beendeten Laufs an, oder sein {file}.</translation>
    </message>
    <message>
        <source>Internal error in {phase}: {caught}.</source>
        <translation>Interner Fehler in {phase}: {caught}.</translation>
    </message>
    <message>
        <source>Please report it with {logs}.</source>
        <translation>Bitte melden Sie ihn mit {logs}.</translation>
    </message>
    <message>
        <source>The report could not be written: {error}</source>
        <translation>Der Bericht konnte nicht geschrieben werden: {error}</translation>
    </message>
    <message>
        <source>{count} files of the run were missing or changed and are restored: {restored}{count2}.</source>
        <translation>{count} Dateien des Laufs fehlten oder waren geändert und wurden wiederhergestellt: {restored}{count2}.</translation>
    </message>
    <message>
        <source>Give the folder or the file of the project.</source>
        <translation>Geben Sie den Ordner oder die Datei des Projekts an.</translation>
    </message>
    <message>
        <source>Open it with a newer version of orchestrate.</source>
        <translation>Öffnen Sie es mit einer neueren Version von orchestrate.</translation>
    </message>
    <message>
        <source>{given} is not a project: {project_file} is missing.</source>
        <translation>{given} ist kein Projekt: {project_file} fehlt.</translation>
    </message>
    <message>
        <source>Create one: orchestrate project new {given}</source>
        <translation>Legen Sie eines an: orchestrate project new {given}</translation>
    </message>
    <message>
        <source>The project {given} does not exist.</source>
        <translation>Das Projekt {given} gibt es nicht.</translation>
    </message>
    <message>
        <source>Check its permissions.</source>
        <translation>Prüfen Sie seine Rechte.</translation>
    </message>
    <message>
        <source>Save it as UTF-8.</source>
        <translation>Speichern Sie es als UTF-8.</translation>
    </message>
    <message>
        <source>{file}: version is {version}.</source>
        <translation>{file}: version ist {version}.</translation>
    </message>
    <message>
        <source>This program writes version {version}.</source>
        <translation>Dieses Programm schreibt Version {version}.</translation>
    </message>
    <message>
        <source>{file} is a project of version {version}; this program supports version {version2} and older.</source>
        <translation>{file} ist ein Projekt der Version {version}; dieses Programm liest Version {version2} und ältere.</translation>
    </message>
    <message>
        <source>The project folder must be writable; its nights need not be. Create the project elsewhere and add the nights: orchestrate project add PROJECT FOLDER.</source>
        <translation>Der Projektordner muss beschreibbar sein, seine Nächte nicht. Legen Sie das Projekt anderswo an und fügen Sie die Nächte hinzu: orchestrate project add PROJEKT ORDNER.</translation>
    </message>
    <message>
        <source>{folder} is already a project.</source>
        <translation>{folder} ist schon ein Projekt.</translation>
    </message>
    <message>
        <source>Show it: orchestrate project show {folder}</source>
        <translation>Zeigen Sie es an: orchestrate project show {folder}</translation>
    </message>
    <message>
        <source>Choose another location.</source>
        <translation>Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>Create the project in the folder above it, or create an empty one elsewhere and add this night.</source>
        <translation>Legen Sie das Projekt im Ordner darüber an, oder anderswo ein leeres, und fügen Sie diese Nacht hinzu.</translation>
    </message>
    <message>
        <source>Give the folder of a night, which contains lights/.</source>
        <translation>Geben Sie den Ordner einer Nacht an, der lights/ enthält.</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>Es ist nichts zu tun.</translation>
    </message>
    <message>
        <source>Choose another --name.</source>
        <translation>Wählen Sie einen anderen --name.</translation>
    </message>
    <message>
        <source>{file} cannot be read: {strerror}.</source>
        <translation>{file} kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>{file} is not UTF-8 text (byte {start}).</source>
        <translation>{file} ist kein UTF-8-Text (Byte {start}).</translation>
    </message>
    <message>
        <source>{target} cannot be written: {strerror}.</source>
        <translation>{target} kann nicht geschrieben werden: {strerror}.</translation>
    </message>
    <message>
        <source>{folder} cannot be created: {strerror}.</source>
        <translation>{folder} kann nicht angelegt werden: {strerror}.</translation>
    </message>
    <message>
        <source>{folder} is a night itself: it contains a folder of lights.</source>
        <translation>{folder} ist selbst eine Nacht: Der Ordner enthält einen Ordner mit Lights.</translation>
    </message>
    <message>
        <source>{folder} is already in the project, as night {same}.</source>
        <translation>{folder} ist schon im Projekt, als Nacht {same}.</translation>
    </message>
    <message>
        <source>There is already a night named {name}.</source>
        <translation>Es gibt schon eine Nacht namens {name}.</translation>
    </message>
    <message>
        <source>The folder {folder} does not exist.</source>
        <translation>Den Ordner {folder} gibt es nicht.</translation>
    </message>
    <message>
        <source>{folder} is not a folder.</source>
        <translation>{folder} ist kein Ordner.</translation>
    </message>
    <message>
        <source>Give the project file written by the other tool.</source>
        <translation>Geben Sie die Projektdatei des anderen Programms an.</translation>
    </message>
    <message>
        <source>Create a new project: orchestrate project new FOLDER.</source>
        <translation>Legen Sie ein neues Projekt an: orchestrate project new ORDNER.</translation>
    </message>
    <message>
        <source>Add &quot;path&quot; to it.</source>
        <translation>Fügen Sie &quot;path&quot; hinzu.</translation>
    </message>
    <message>
        <source>{file} is not a project: its JSON is a {name}, not an object.</source>
        <translation>{file} ist kein Projekt: Sein JSON ist {name}, kein Objekt.</translation>
    </message>
    <message>
        <source>{file} contains no nights (expected one of: {nights}).</source>
        <translation>{file} enthält keine Nächte (erwartet wird eines von: {nights}).</translation>
    </message>
    <message>
        <source>{file}: the night {entry} is neither a folder nor an object.</source>
        <translation>{file}: Die Nacht {entry} ist weder Ordner noch Objekt.</translation>
    </message>
    <message>
        <source>{file}: the night {name} has no folder (expected one of: {value}).</source>
        <translation>{file}: Die Nacht {name} hat keinen Ordner (erwartet wird eines von: {value}).</translation>
    </message>
    <message>
        <source>{file} is not JSON: {error}.</source>
        <translation>{file} ist kein JSON: {error}.</translation>
    </message>
    <message>
        <source>Keep one of them; all spellings of a filter are stacked together.</source>
        <translation>Behalten Sie einen davon; alle Schreibweisen eines Filters werden zusammen gestackt.</translation>
    </message>
    <message>
        <source>The headers contain no filter names.</source>
        <translation>Die Header enthalten keine Filternamen.</translation>
    </message>
    <message>
        <source>channels: {channel} and {other} are the same filter ({wanted}, {channels}).</source>
        <translation>channels: {channel} und {other} sind derselbe Filter ({wanted}, {channels}).</translation>
    </message>
    <message>
        <source>channels: no light has the filter {wanted} of {channel}.</source>
        <translation>channels: Kein Light hat den Filter {wanted} von {channel}.</translation>
    </message>
    <message>
        <source>final: the name {file} is invalid ({error}).</source>
        <translation>final: Der Name {file} ist ungültig ({error}).</translation>
    </message>
    <message>
        <source>It may contain {value}.</source>
        <translation>Er darf {value} enthalten.</translation>
    </message>
    <message>
        <source> ({count} more: orchestrate project validate)</source>
        <translation> ({count} weitere: orchestrate project validate)</translation>
    </message>
    <message>
        <source>The project {project} has no runs in {runs}.</source>
        <translation>Das Projekt {project} hat keine Läufe in {runs}.</translation>
    </message>
    <message>
        <source>Start one: orchestrate project run {root}</source>
        <translation>Starten Sie einen: orchestrate project run {root}</translation>
    </message>
    <message>
        <source>The run itself is complete; its files are in its run directory.</source>
        <translation>Der Lauf selbst ist vollständig; seine Dateien sind in seinem Ordner.</translation>
    </message>
    <message>
        <source>Add nights: orchestrate project add PROJECT FOLDER...</source>
        <translation>Fügen Sie Nächte hinzu: orchestrate project add PROJEKT ORDNER...</translation>
    </message>
    <message>
        <source>{project}: there is no night in use.</source>
        <translation>{project}: Keine Nacht wird verwendet.</translation>
    </message>
    <message>
        <source>The master library is {path}.</source>
        <translation>Die Bibliothek der Master ist {path}.</translation>
    </message>
    <message>
        <source>{remedy} Or exclude the night with use: false.</source>
        <translation>{remedy} Oder schließen Sie die Nacht mit use: false aus.</translation>
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
        <source>Session cache: %s is damaged and was deleted</source>
        <translation>Session-Cache: %s ist beschädigt und wurde gelöscht</translation>
    </message>
    <message>
        <source>Set runtime.executor to dask.</source>
        <translation>Setzen Sie runtime.executor auf dask.</translation>
    </message>
    <message>
        <source>Start some: dask worker ADDRESS.</source>
        <translation>Starten Sie welche: dask worker ADRESSE.</translation>
    </message>
    <message>
        <source>The local Dask cluster has no TLS: other users of this computer can connect to it. To encrypt its connections: %s</source>
        <translation>Der lokale Dask-Cluster hat kein TLS: Andere Benutzer dieses Rechners können sich mit ihm verbinden. Um die Verbindungen zu verschlüsseln: %s</translation>
    </message>
    <message>
        <source>runtime.scheduler is given, runtime.executor is {name}.</source>
        <translation>runtime.scheduler ist angegeben, runtime.executor ist {name}.</translation>
    </message>
    <message>
        <source>runtime.executor: dask needs the package distributed.</source>
        <translation>runtime.executor: dask braucht das Paket distributed.</translation>
    </message>
    <message>
        <source>Start one (dask scheduler), or leave the setting out.</source>
        <translation>Starten Sie einen (dask scheduler), oder lassen Sie die Einstellung weg.</translation>
    </message>
    <message>
        <source>runtime.scheduler: {scheduler} has no workers.</source>
        <translation>runtime.scheduler: {scheduler} hat keine Worker.</translation>
    </message>
    <message>
        <source>A worker process died (killed, or out of memory).</source>
        <translation>Ein Arbeitsprozess ist gestorben (beendet, oder kein Speicher mehr).</translation>
    </message>
    <message>
        <source>Use --set runtime.executor=threads, or fewer workers.</source>
        <translation>Verwenden Sie --set runtime.executor=threads, oder weniger Worker.</translation>
    </message>
    <message>
        <source>runtime.scheduler: {scheduler} does not answer as a Dask scheduler.</source>
        <translation>runtime.scheduler: {scheduler} antwortet nicht wie ein Dask-Scheduler.</translation>
    </message>
    <message>
        <source>Several Dask workers died over one unit of work.</source>
        <translation>Mehrere Dask-Worker sind an einer Arbeitseinheit gestorben.</translation>
    </message>
    <message>
        <source>Give the workers more memory, or set runtime.memory_budget lower.</source>
        <translation>Geben Sie den Workern mehr Speicher, oder setzen Sie runtime.memory_budget niedriger.</translation>
    </message>
    <message>
        <source>Check the logs of its workers, or set runtime.executor to threads.</source>
        <translation>Prüfen Sie die Logs der Worker, oder setzen Sie runtime.executor auf threads.</translation>
    </message>
    <message>
        <source>The Dask cluster lost the work {attempts} times.</source>
        <translation>Der Dask-Cluster hat die Arbeit {attempts}-mal verloren.</translation>
    </message>
    <message>
        <source>Memory: the budget is {budget} MiB, the session needs at least {needed} MiB.</source>
        <translation>Speicher: Das Budget ist {budget} MiB, die Session braucht mindestens {needed} MiB.</translation>
    </message>
    <message>
        <source>runtime.memory_budget is {budget} MiB; a session of frames of {columns} x {rows} pixels needs {needed} MiB ({program} MiB for the program, the rest for pictures in work). The run will exceed the budget: set it to at least {needed2} MiB.</source>
        <translation>runtime.memory_budget ist {budget} MiB; eine Session mit Bildern von {columns} x {rows} Pixeln braucht {needed} MiB ({program} MiB für das Programm, der Rest für Bilder in Arbeit). Der Lauf wird das Budget überschreiten: Setzen Sie es auf mindestens {needed2} MiB.</translation>
    </message>
    <message>
        <source>Give a larger budget.</source>
        <translation>Geben Sie ein größeres Budget an.</translation>
    </message>
    <message>
        <source>runtime.memory_budget: {text} is below {min_budget} MiB.</source>
        <translation>runtime.memory_budget: {text} ist unter {min_budget} MiB.</translation>
    </message>
    <message>
        <source>Use a size such as &quot;4 GiB&quot;.</source>
        <translation>Geben Sie eine Größe wie &quot;4 GiB&quot; an.</translation>
    </message>
    <message>
        <source>{key}: {text} is not a size.</source>
        <translation>{key}: {text} ist keine Größe.</translation>
    </message>
    <message>
        <source>Calibration of {lights} ({title}): {parts}.</source>
        <translation>Kalibrierung von {lights} ({title}): {parts}.</translation>
    </message>
    <message>
        <source>{text:C}, and nothing else removes the offset of the lights before they are divided by the flats.</source>
        <translation>{text:C}, und nichts anderes entfernt den Offset der Lights, bevor sie durch die Flats geteilt werden.</translation>
    </message>
    <message>
        <source>Give darks or bias frames of {wanted}, or --set calibration.synthetic_bias=ADU. --set {example}=FOLDER uses these {role} nevertheless.</source>
        <translation>Geben Sie Darks oder Bias mit {wanted}, oder --set calibration.synthetic_bias=ADU. --set {example}=ORDNER verwendet diese {role} trotzdem.</translation>
    </message>
    <message>
        <source>Give darks or bias frames {keep}, or stack these lights in a separate run.</source>
        <translation>Geben Sie Darks oder Bias {keep}, oder stacken Sie diese Lights in einem eigenen Lauf.</translation>
    </message>
    <message>
        <source> of {what}</source>
        <translation> mit {what}</translation>
    </message>
    <message>
        <source>there are no darks and no bias frames{of} for it, as there are for the other lights</source>
        <translation>es gibt dafür weder Darks noch Bias{of}, anders als für die anderen Lights</translation>
    </message>
    <message>
        <source>there are darks or bias frames{of} for it, but none for most of the lights</source>
        <translation>es gibt dafür Darks oder Bias{of}, für die meisten Lights aber nicht</translation>
    </message>
    <message>
        <source>flats of {time}</source>
        <translation>Flats vom {time}</translation>
    </message>
    <message>
        <source>dark current x {dark_ratio}</source>
        <translation>Dunkelstrom x {dark_ratio}</translation>
    </message>
    <message>
        <source>master {role} {name}</source>
        <translation>Master {name} ({role})</translation>
    </message>
    <message>
        <source>no {one} and no {other}</source>
        <translation>keine {one} und keine {other}</translation>
    </message>
    <message>
        <source>no {one}</source>
        <translation>keine {one}</translation>
    </message>
    <message>
        <source>of these settings</source>
        <translation>mit diesen Einstellungen</translation>
    </message>
    <message>
        <source>for the others</source>
        <translation>für die anderen</translation>
    </message>
    <message>
        <source>{name} for the flats</source>
        <translation>{name} für die Flats</translation>
    </message>
    <message>
        <source>Lights of {title}: {text}</source>
        <translation>Lights mit {title}: {text}</translation>
    </message>
    <message>
        <source>the {role} have {trait} {other}, the lights {wanted} ({other2})</source>
        <translation>die {role} haben {trait} {other}, die Lights {wanted} ({other2})</translation>
    </message>
    <message>
        <source>the {trait} of this {role} is {value}, {better} matches the lights better</source>
        <translation>{trait} bei diesem {role} ist {value}, {better} passt besser zu den Lights</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source> of gain {gain}</source>
        <translation> mit Gain {gain}</translation>
    </message>
    <message>
        <source>The number of flats is only {count}: their noise enters every frame.</source>
        <translation>Es gibt nur {count} Flats: Ihr Rauschen geht in jedes Bild ein.</translation>
    </message>
    <message>
        <source>The {role} are of the camera {camera}, the lights of {camera2} ({frames}).</source>
        <translation>Die {role} sind von der Kamera {camera}, die Lights von {camera2} ({frames}).</translation>
    </message>
    <message>
        <source>this {role} is of the camera {camera}, the lights of {camera2}</source>
        <translation>dieses {role} ist von der Kamera {camera}, die Lights von {camera2}</translation>
    </message>
    <message>
        <source>The flats were taken with the rotator at {rotation} deg, the lights at {rotation2} deg ({nearest}): vignetting and dust do not match.</source>
        <translation>Die Flats wurden mit dem Rotator bei {rotation} Grad aufgenommen, die Lights bei {rotation2} Grad ({nearest}): Vignettierung und Staub passen nicht.</translation>
    </message>
    <message>
        <source>this flat was taken with the rotator at {rotation} deg, the lights at {rotation2} deg</source>
        <translation>dieses Flat wurde mit dem Rotator bei {rotation} Grad aufgenommen, die Lights bei {rotation2} Grad</translation>
    </message>
    <message>
        <source>The dark-flats have {darkflats}, the flats {flats} ({darkflats2}): they are not used. Give dark-flats of the gain and offset of the flats.</source>
        <translation>Die Dark-Flats haben {darkflats}, die Flats {flats} ({darkflats2}): Sie werden nicht verwendet. Geben Sie Dark-Flats mit Gain und Offset der Flats.</translation>
    </message>
    <message>
        <source>The {role} have several values of {trait} ({values}), and the headers of the lights contain none: those of {trait} {wanted} are used. Move the others to another folder if these do not match.</source>
        <translation>Die {role} haben mehrere Werte von {trait} ({values}), und die Header der Lights enthalten keinen: Die mit {trait} {wanted} werden verwendet. Legen Sie die anderen in einen anderen Ordner, wenn diese nicht passen.</translation>
    </message>
    <message>
        <source>{text:C}; they are used because the settings name them.</source>
        <translation>{text:C}; sie werden verwendet, weil die Einstellungen sie nennen.</translation>
    </message>
    <message>
        <source>this {role} has {trait} {value}, the lights {wanted}</source>
        <translation>dieses {role} hat {trait} {value}, die Lights {wanted}</translation>
    </message>
    <message>
        <source>Give {role} of {trait} {wanted}.</source>
        <translation>Geben Sie {role} mit {trait} {wanted}.</translation>
    </message>
    <message>
        <source>The darks were taken at {temperature} C ({dark}), {lights} at {temperature2} C; more than {tolerance} C apart. Take darks at {temperature2} C.</source>
        <translation>Die Darks wurden bei {temperature} °C aufgenommen ({dark}), {lights} bei {temperature2} °C; mehr als {tolerance} °C auseinander. Nehmen Sie Darks bei {temperature2} °C auf.</translation>
    </message>
    <message>
        <source>it looks like a master, and there are raw {role} frames</source>
        <translation>es sieht wie ein Master aus, und es gibt rohe Aufnahmen ({role})</translation>
    </message>
    <message>
        <source>To use it: --set calibration.{role}_master=FILE.</source>
        <translation>Um es zu verwenden: --set calibration.{role}_master=DATEI.</translation>
    </message>
    <message>
        <source>{origin} has {role} that match better</source>
        <translation>{origin} hat besser passende {role}</translation>
    </message>
    <message>
        <source>The master {role} {given} has {trait} {one}, the lights {other}; it is used because the settings name it.</source>
        <translation>Der Master {given} ({role}) hat {trait} {one}, die Lights {other}; er wird verwendet, weil die Einstellungen ihn nennen.</translation>
    </message>
    <message>
        <source>None of the {count} flats is for the filter {filter}: vignetting and dust stay.</source>
        <translation>Keines der {count} Flats ist für den Filter {filter}: Vignettierung und Staub bleiben.</translation>
    </message>
    <message>
        <source>The dark-flats are {exposure} s, the flats {exposure2} s ({other}): the dark current of the flats is not fully removed. Take dark-flats of {exposure2} s.</source>
        <translation>Die Dark-Flats haben {exposure} s, die Flats {exposure2} s ({other}): Der Dunkelstrom der Flats wird nicht ganz entfernt. Nehmen Sie Dark-Flats mit {exposure2} s auf.</translation>
    </message>
    <message>
        <source>{text:C}: they are not used.</source>
        <translation>{text:C}: Sie werden nicht verwendet.</translation>
    </message>
    <message>
        <source>this {role} is {info}, the lights are {light}</source>
        <translation>dieses {role} ist {info}, die Lights sind {light}</translation>
    </message>
    <message>
        <source>Give {role} of the same camera, binning and area.</source>
        <translation>Geben Sie {role} derselben Kamera, mit gleichem Binning und Ausschnitt.</translation>
    </message>
    <message>
        <source>this flat is for the filter {filter}, the lights are {filter2}</source>
        <translation>dieses Flat ist für den Filter {filter}, die Lights sind {filter2}</translation>
    </message>
    <message>
        <source>this dark-flat has {info}, the flats have {flats}</source>
        <translation>dieses Dark-Flat hat {info}, die Flats haben {flats}</translation>
    </message>
    <message>
        <source>The darks are {exposure} s, the lights {exposure2} s: the dark current is scaled by {dark_ratio}.</source>
        <translation>Die Darks haben {exposure} s, die Lights {exposure2} s: Der Dunkelstrom wird mit {dark_ratio} skaliert.</translation>
    </message>
    <message>
        <source>too much dark current is subtracted</source>
        <translation>es wird zu viel Dunkelstrom abgezogen</translation>
    </message>
    <message>
        <source>some dark current remains</source>
        <translation>ein Teil des Dunkelstroms bleibt</translation>
    </message>
    <message>
        <source>The darks are {exposure} s, the lights {exposure2} s ({dark}, {lights}): {left}. Take darks of {exposure2} s, or bias frames{lights2}, with which the dark current is scaled.</source>
        <translation>Die Darks haben {exposure} s, die Lights {exposure2} s ({dark}, {lights}): {left}. Nehmen Sie Darks mit {exposure2} s auf, oder Bias{lights2}, mit denen der Dunkelstrom skaliert wird.</translation>
    </message>
    <message>
        <source>no known exposure and gain</source>
        <translation>Belichtung und Gain unbekannt</translation>
    </message>
    <message>
        <source>The pixels of {count} of {count2} {role} frames do not match the DATASUM in their header: {names}. They are used. They are damaged, or a program changed them without the card: compare them with another copy.</source>
        <translation>Die Pixel von {count} der {count2} Aufnahmen ({role}) passen nicht zur DATASUM in ihrem Header: {names}. Sie werden verwendet. Sie sind beschädigt, oder ein Programm hat sie ohne diese Karte geändert: Vergleichen Sie sie mit einer anderen Kopie.</translation>
    </message>
    <message>
        <source>its pixels do not match the checksum in its header (DATASUM), those of the other frames do: it is damaged</source>
        <translation>seine Pixel passen nicht zur Prüfsumme im Header (DATASUM), bei den anderen Bildern schon: Es ist beschädigt</translation>
    </message>
    <message>
        <source>Use the form of the packaged devices.yaml.</source>
        <translation>Verwenden Sie die Form der mitgelieferten devices.yaml.</translation>
    </message>
    <message>
        <source>Missing in the headers, taken from the facts of the {name}: {facts}.</source>
        <translation>Fehlt in den Headern, aus den Daten von {name} ergänzt: {facts}.</translation>
    </message>
    <message>
        <source>{why} Only the packaged devices are known in this run. Correct the file.</source>
        <translation>{why} In diesem Lauf sind nur die mitgelieferten Geräte bekannt. Korrigieren Sie die Datei.</translation>
    </message>
    <message>
        <source>{where} has no list &apos;devices:&apos;.</source>
        <translation>{where} hat keine Liste &apos;devices:&apos;.</translation>
    </message>
    <message>
        <source>Bayer pattern {pattern}</source>
        <translation>Bayer-Muster {pattern}</translation>
    </message>
    <message>
        <source>pixels of {pixel_size} um</source>
        <translation>Pixel von {pixel_size} µm</translation>
    </message>
    <message>
        <source>focal length {focal_length} mm</source>
        <translation>Brennweite {focal_length} mm</translation>
    </message>
    <message>
        <source>{where} cannot be read: {strerror}.</source>
        <translation>{where} kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>{where} is not YAML: {error}.</source>
        <translation>{where} ist kein YAML: {error}.</translation>
    </message>
    <message>
        <source>Correct the entry.</source>
        <translation>Korrigieren Sie den Eintrag.</translation>
    </message>
    <message>
        <source>{where}: device {name}, {path}: {msg}.</source>
        <translation>{where}: Gerät {name}, {path}: {msg}.</translation>
    </message>
    <message>
        <source>Put the frames into a folder named lights, or name the right folder.</source>
        <translation>Legen Sie die Bilder in einen Ordner namens lights, oder geben Sie den richtigen Ordner an.</translation>
    </message>
    <message>
        <source>Give the raw frames as the camera wrote them.</source>
        <translation>Geben Sie die Rohbilder, wie die Kamera sie geschrieben hat.</translation>
    </message>
    <message>
        <source>{count} usable light</source>
        <translation>{count} brauchbares Light</translation>
    </message>
    <message>
        <source>{count} usable lights</source>
        <translation>{count} brauchbare Lights</translation>
    </message>
    <message>
        <source>Add frames, or use --set input.allow_emergency_mode=true.</source>
        <translation>Fügen Sie Bilder hinzu, oder verwenden Sie --set input.allow_emergency_mode=true.</translation>
    </message>
    <message>
        <source>It contains sessions: name {panel}{count}.</source>
        <translation>Der Ordner enthält Sessions: Nennen Sie {panel}{count}.</translation>
    </message>
    <message>
        <source>Free some space, or choose another place with --runs-dir.</source>
        <translation>Schaffen Sie Platz, oder wählen Sie mit --runs-dir einen anderen Ort.</translation>
    </message>
    <message>
        <source>Choose another place with --runs-dir.</source>
        <translation>Wählen Sie mit --runs-dir einen anderen Ort.</translation>
    </message>
    <message>
        <source>All lights under {roots} look stretched; stacking needs linear frames.</source>
        <translation>Alle Lights unter {roots} sehen gestreckt aus; zum Stacken braucht es lineare Bilder.</translation>
    </message>
    <message>
        <source>{folder} has {lights}, at least {needed} are needed.{why}</source>
        <translation>{folder} hat {lights}, mindestens {needed} werden gebraucht.{why}</translation>
    </message>
    <message>
        <source>The filter {filter} is stacked; lights of other filters: {listing}.</source>
        <translation>Der Filter {filter} wird gestackt; Lights anderer Filter: {listing}.</translation>
    </message>
    <message>
        <source>The headers of {count} {role} frames ({some} ...) call them lights; the role of their folder {parent} is used.</source>
        <translation>Die Header von {count} Aufnahmen ({role}, {some} ...) nennen sie Lights; es gilt die Art ihres Ordners {parent}.</translation>
    </message>
    <message>
        <source>Correct the path, or leave the setting out.</source>
        <translation>Korrigieren Sie den Pfad, oder lassen Sie die Einstellung weg.</translation>
    </message>
    <message>
        <source>Give the file of a master, or a folder of frames.</source>
        <translation>Geben Sie die Datei eines Masters an, oder einen Ordner mit Aufnahmen.</translation>
    </message>
    <message>
        <source>{count} files, none of them usable</source>
        <translation>{count} Dateien, keine davon brauchbar</translation>
    </message>
    <message>
        <source>no files of frames</source>
        <translation>keine Bilddateien</translation>
    </message>
    <message>
        <source>No lights were found in {folders} (found: {counts}). {more}</source>
        <translation>In {folders} wurden keine Lights gefunden (gefunden: {counts}). {more}</translation>
    </message>
    <message>
        <source>No lights were found in {folders} (found: {counts}).</source>
        <translation>In {folders} wurden keine Lights gefunden (gefunden: {counts}).</translation>
    </message>
    <message>
        <source>{existing} has {free} MiB free, the products need {products} MiB.</source>
        <translation>In {existing} sind {free} MiB frei, die Produkte brauchen {products} MiB.</translation>
    </message>
    <message>
        <source>{memory} MiB of memory are free, a picture of this size may need {products} MiB: close other programs.</source>
        <translation>{memory} MiB Arbeitsspeicher sind frei, ein Bild dieser Größe braucht vielleicht {products} MiB: Schließen Sie andere Programme.</translation>
    </message>
    <message>
        <source>{existing} has {free} GiB free, the run may need {products} GiB.</source>
        <translation>In {existing} sind {free} GiB frei, der Lauf braucht vielleicht {products} GiB.</translation>
    </message>
    <message>
        <source>{existing} is not writable.</source>
        <translation>In {existing} kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>it was already found under another path</source>
        <translation>es wurde schon unter einem anderen Pfad gefunden</translation>
    </message>
    <message>
        <source>it looks like a master, and the configuration names another master</source>
        <translation>es sieht wie ein Master aus, und die Konfiguration nennt einen anderen</translation>
    </message>
    <message>
        <source>it holds many frames</source>
        <translation>es enthält viele Bilder</translation>
    </message>
    <message>
        <source>Stack it with `orchestrate run`, or `watch --finish`.</source>
        <translation>Stacken Sie es mit `orchestrate run`, oder `watch --finish`.</translation>
    </message>
    <message>
        <source>Remove it.</source>
        <translation>Entfernen Sie es.</translation>
    </message>
    <message>
        <source>{key}: {path} does not exist.</source>
        <translation>{key}: {path} gibt es nicht.</translation>
    </message>
    <message>
        <source>{key}: {path} cannot be used: {reason}.</source>
        <translation>{key}: {path} kann nicht verwendet werden: {reason}.</translation>
    </message>
    <message>
        <source>{key}: {path} has {infos} pixels, the lights have {lights}.</source>
        <translation>{key}: {path} hat {infos} Pixel, die Lights haben {lights}.</translation>
    </message>
    <message>
        <source>{count} {role} frames</source>
        <translation>{count} Aufnahmen ({role})</translation>
    </message>
    <message>
        <source>its size {shape} is not that of a picture</source>
        <translation>seine Größe {shape} ist nicht die eines Bildes</translation>
    </message>
    <message>
        <source>its header cannot be parsed: {error}</source>
        <translation>sein Header ist nicht lesbar: {error}</translation>
    </message>
    <message>
        <source>its header calls it a {header}, its folder is for {folder} frames</source>
        <translation>sein Header nennt es {header}, sein Ordner ist für {folder}</translation>
    </message>
    <message>
        <source>Move it to the folder of {header} frames.</source>
        <translation>Legen Sie es in den Ordner für {header}.</translation>
    </message>
    <message>
        <source>Remove one of the two.</source>
        <translation>Entfernen Sie eines der beiden.</translation>
    </message>
    <message>
        <source>it is a copy of a light in {parent}</source>
        <translation>es ist eine Kopie eines Lights in {parent}</translation>
    </message>
    <message>
        <source>The exposure of {too_long} is {exposure} s, longer than any: it is taken as milliseconds.</source>
        <translation>Die Belichtung von {too_long} ist {exposure} s, länger als jede: Sie gilt als Millisekunden.</translation>
    </message>
    <message>
        <source>The exposure of {same} is {exposure} s, that of the other lights {usual} s, at the same level of the sky: {usual} s is used.</source>
        <translation>Die Belichtung von {same} ist {exposure} s, die der anderen Lights {usual} s, bei gleichem Himmel: {usual} s gelten.</translation>
    </message>
    <message>
        <source>input.field: no field is named {wanted}.</source>
        <translation>input.field: Kein Feld heißt {wanted}.</translation>
    </message>
    <message>
        <source>There are: {value}.</source>
        <translation>Es gibt: {value}.</translation>
    </message>
    <message>
        <source> at RA {centre}, Dec {centre2} deg</source>
        <translation> bei RA {centre}, Dec {centre2} Grad</translation>
    </message>
    <message>
        <source>The field {chosen} is stacked; lights of other fields: {listing}.</source>
        <translation>Das Feld {chosen} wird gestackt; Lights anderer Felder: {listing}.</translation>
    </message>
    <message>
        <source>The lights show several objects; {chosen} is stacked, not {others}. Choose with --set input.field=NAME.</source>
        <translation>Die Lights zeigen mehrere Objekte; {chosen} wird gestackt, nicht {others}. Wählen Sie mit --set input.field=NAME.</translation>
    </message>
    <message>
        <source>it shows {frame}, the session {chosen}</source>
        <translation>es zeigt {frame}, die Session {chosen}</translation>
    </message>
    <message>
        <source>Stack it with --set &apos;input.field={frame}&apos;.</source>
        <translation>Stacken Sie es mit --set &apos;input.field={frame}&apos;.</translation>
    </message>
    <message>
        <source>The flats are of several sessions ({sessions} to {sessions2}) and the headers of the lights contain no time (DATE-OBS): the flats of {kept} are used. Move the flats of other sessions to another folder if these do not match.</source>
        <translation>Die Flats sind aus mehreren Sessions ({sessions} bis {sessions2}), und die Header der Lights enthalten keine Zeit (DATE-OBS): Die Flats vom {kept} werden verwendet. Legen Sie die Flats anderer Sessions in einen anderen Ordner, wenn diese nicht passen.</translation>
    </message>
    <message>
        <source>this flat was taken {value}; those of {kept} are nearest to the lights in time</source>
        <translation>dieses Flat wurde {value} aufgenommen; die vom {kept} sind den Lights zeitlich am nächsten</translation>
    </message>
    <message>
        <source>this flat was taken at {temperature} C; those of another session are nearer to the {middle} C of the lights</source>
        <translation>dieses Flat wurde bei {temperature} °C aufgenommen; die einer anderen Session sind näher an den {middle} °C der Lights</translation>
    </message>
    <message>
        <source>at an unknown time</source>
        <translation>zu unbekannter Zeit</translation>
    </message>
    <message>
        <source>Name the folder that holds lights/ (or the frames themselves).</source>
        <translation>Geben Sie den Ordner an, der lights/ (oder die Bilder selbst) enthält.</translation>
    </message>
    <message>
        <source>Name its folder: {parent}</source>
        <translation>Nennen Sie seinen Ordner: {parent}</translation>
    </message>
    <message>
        <source>Did you mean {parent}?</source>
        <translation>Meinten Sie {parent}?</translation>
    </message>
    <message>
        <source>it is next to the folder of lights</source>
        <translation>es liegt neben dem Ordner der Lights</translation>
    </message>
    <message>
        <source>Move it into one of the session&apos;s folders to use it.</source>
        <translation>Legen Sie es in einen der Ordner der Session, um es zu verwenden.</translation>
    </message>
    <message>
        <source>A path with spaces needs quotes: &apos;{whole}&apos;</source>
        <translation>Ein Pfad mit Leerzeichen braucht Anführungszeichen: &apos;{whole}&apos;</translation>
    </message>
    <message>
        <source>its name is not that of a master dark, flat, bias or dark-flat</source>
        <translation>sein Name ist nicht der eines Master-Darks, -Flats, -Bias oder -Dark-Flats</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>es ist keine reguläre Datei</translation>
    </message>
    <message>
        <source>it looks like a product, not a raw frame</source>
        <translation>es sieht wie ein Produkt aus, nicht wie ein Rohbild</translation>
    </message>
    <message>
        <source>Rename it if it is a raw frame. To combine finished stacks: --set input.workflow=master_tiles.</source>
        <translation>Benennen Sie es um, wenn es ein Rohbild ist. Um fertige Stacks zu kombinieren: --set input.workflow=master_tiles.</translation>
    </message>
    <message>
        <source>{root} is not a folder.</source>
        <translation>{root} ist kein Ordner.</translation>
    </message>
    <message>
        <source>The folder {root} does not exist.</source>
        <translation>Den Ordner {root} gibt es nicht.</translation>
    </message>
    <message>
        <source>this folder is not one of lights, darks, flats or biases</source>
        <translation>dieser Ordner ist keiner für Lights, Darks, Flats oder Bias</translation>
    </message>
    <message>
        <source>If it contains raw frames, rename it, or name it as a session.</source>
        <translation>Wenn er Rohbilder enthält, benennen Sie ihn um, oder geben Sie ihn als Session an.</translation>
    </message>
    <message>
        <source>the folder cannot be read: {strerror}</source>
        <translation>der Ordner kann nicht gelesen werden: {strerror}</translation>
    </message>
    <message>
        <source>only {stars} stars can be used, {min_stars} are needed</source>
        <translation>nur {stars} Sterne sind brauchbar, {min_stars} werden gebraucht</translation>
    </message>
    <message>
        <source>Give one file name per line.</source>
        <translation>Geben Sie einen Dateinamen pro Zeile an.</translation>
    </message>
    <message>
        <source>Remove them from the list, or name the session that has them.</source>
        <translation>Entfernen Sie sie aus der Liste, oder geben Sie die Session an, die sie enthält.</translation>
    </message>
    <message>
        <source>selection.frames: {path} names no frame.</source>
        <translation>selection.frames: {path} nennt kein Bild.</translation>
    </message>
    <message>
        <source>selection.frames: {path} names {count} frames that are not lights of the session: {names_missing}.</source>
        <translation>selection.frames: {path} nennt {count} Bilder, die keine Lights der Session sind: {names_missing}.</translation>
    </message>
    <message>
        <source>selection.frames: {path} cannot be read: {strerror}.</source>
        <translation>selection.frames: {path} kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>selection.frames: {path} is not a text file (byte {start}).</source>
        <translation>selection.frames: {path} ist keine Textdatei (Byte {start}).</translation>
    </message>
    <message>
        <source>it is not in the frame list {path}</source>
        <translation>es steht nicht in der Bilderliste {path}</translation>
    </message>
    <message>
        <source>it does not contain a session of the device</source>
        <translation>er enthält keine Session des Geräts</translation>
    </message>
    <message>
        <source>If it contains raw frames, name it as a session.</source>
        <translation>Wenn er Rohbilder enthält, geben Sie ihn als Session an.</translation>
    </message>
    <message>
        <source>the raw frames of an ASIAIR are in Autorun and Plan</source>
        <translation>die Rohbilder eines ASIAIR sind in Autorun und Plan</translation>
    </message>
    <message>
        <source>To use these, name the folder itself as a session.</source>
        <translation>Um diese zu verwenden, geben Sie den Ordner selbst als Session an.</translation>
    </message>
    <message>
        <source>snapshots are not frames of a session</source>
        <translation>Schnappschüsse sind keine Bilder einer Session</translation>
    </message>
    <message>
        <source>Rename the folder if they are.</source>
        <translation>Benennen Sie den Ordner um, wenn es doch welche sind.</translation>
    </message>
    <message>
        <source>it contains stacks made by the telescope</source>
        <translation>er enthält Stacks, die das Teleskop gemacht hat</translation>
    </message>
    <message>
        <source>The raw frames are in folders that end in _sub.</source>
        <translation>Die Rohbilder sind in Ordnern, die mit _sub enden.</translation>
    </message>
    <message>
        <source>it is next to folders of lights</source>
        <translation>es liegt neben Ordnern mit Lights</translation>
    </message>
    <message>
        <source>Move it into one of them to use it.</source>
        <translation>Legen Sie es in einen davon, um es zu verwenden.</translation>
    </message>
    <message>
        <source>the device marked it as failed</source>
        <translation>das Gerät hat es als misslungen markiert</translation>
    </message>
    <message>
        <source>To use it, copy it under a name without failed_.</source>
        <translation>Um es zu verwenden, kopieren Sie es unter einem Namen ohne failed_.</translation>
    </message>
    <message>
        <source>it is a stack that the device made, not a raw frame</source>
        <translation>es ist ein Stack des Geräts, kein Rohbild</translation>
    </message>
    <message>
        <source>its median is {median} of the full range: stretched, overexposed, or a flat</source>
        <translation>sein Median ist {median} des Vollausschlags: gestreckt, überbelichtet, oder ein Flat</translation>
    </message>
    <message>
        <source>its median is {median} of the full range, that of the other lights {usual}: it looks stretched</source>
        <translation>sein Median ist {median} des Vollausschlags, der der anderen Lights {usual}: Es sieht gestreckt aus</translation>
    </message>
    <message>
        <source>The sky of the lights is at {usual} of the full range, as in stretched frames. Stacking needs the frames as the camera wrote them; under a very bright sky they may be linear.</source>
        <translation>Der Himmel der Lights liegt bei {usual} des Vollausschlags, wie in gestreckten Bildern. Zum Stacken braucht es die Bilder, wie die Kamera sie geschrieben hat; unter sehr hellem Himmel können sie linear sein.</translation>
    </message>
    <message>
        <source>Stack it in a separate run, with calibration frames of its bit depth.</source>
        <translation>Stacken Sie es in einem eigenen Lauf, mit Kalibrierbildern seiner Bittiefe.</translation>
    </message>
    <message>
        <source>Give the raw, linear frame.</source>
        <translation>Geben Sie das lineare Rohbild.</translation>
    </message>
    <message>
        <source>its values are multiples of {step}, those of the other lights of {usual}, and its level differs by as much: it has another bit depth</source>
        <translation>seine Werte sind Vielfache von {step}, die der anderen Lights von {usual}, und sein Pegel weicht ebenso weit ab: Es hat eine andere Bittiefe</translation>
    </message>
    <message>
        <source>according to its HISTORY it was stretched</source>
        <translation>laut seiner HISTORY wurde es gestreckt</translation>
    </message>
    <message>
        <source>Correct calibration.library.</source>
        <translation>Korrigieren Sie calibration.library.</translation>
    </message>
    <message>
        <source>calibration.library: {folder} is not a folder.</source>
        <translation>calibration.library: {folder} ist kein Ordner.</translation>
    </message>
    <message>
        <source>the library {folder}</source>
        <translation>der Bibliothek {folder}</translation>
    </message>
    <message>
        <source>The library {folder} is in the session {parent}, to which nothing is written.</source>
        <translation>Die Bibliothek {folder} ist in der Session {parent}, in die nichts geschrieben wird.</translation>
    </message>
    <message>
        <source>The library {folder} cannot be created: {strerror}.</source>
        <translation>Die Bibliothek {folder} kann nicht angelegt werden: {strerror}.</translation>
    </message>
    <message>
        <source>by its name it is a map that belongs to a stack, not a stack</source>
        <translation>nach dem Namen ist es eine Karte zu einem Stack, kein Stack</translation>
    </message>
    <message>
        <source>Rename it if it is a stack.</source>
        <translation>Benennen Sie es um, wenn es ein Stack ist.</translation>
    </message>
    <message>
        <source>Choose with --set calibration.{role}_master=FILE.</source>
        <translation>Wählen Sie mit --set calibration.{role}_master=DATEI.</translation>
    </message>
    <message>
        <source>{chosen} is used as the master {role}</source>
        <translation>{chosen} wird als Master ({role}) verwendet</translation>
    </message>
    <message>
        <source>To stack both together, use reconstruction.method mean.</source>
        <translation>Um beide zusammen zu stacken, verwenden Sie reconstruction.method mean.</translation>
    </message>
    <message>
        <source>The lights are from several cameras or telescopes: {parts}. They are stacked together, each calibrated with its own masters, and brought to one scale and flux.</source>
        <translation>Die Lights sind von mehreren Kameras oder Teleskopen: {parts}. Sie werden zusammen gestackt, jedes mit seinen eigenen Mastern kalibriert, und auf einen Maßstab und Fluss gebracht.</translation>
    </message>
    <message>
        <source>Stack them with --set &apos;input.filter={filter}&apos;.</source>
        <translation>Stacken Sie sie mit --set &apos;input.filter={filter}&apos;.</translation>
    </message>
    <message>
        <source>it is {what}, the session is {chosen}</source>
        <translation>es ist {what}, die Session ist {chosen}</translation>
    </message>
    <message>
        <source>The lights have filters {filters}; {stacked} is stacked ({count} frames), not {listing}. Choose with --set input.filter=NAME.</source>
        <translation>Die Lights haben die Filter {filters}; {stacked} wird gestackt ({count} Bilder), nicht {listing}. Wählen Sie mit --set input.filter=NAME.</translation>
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
        <source>, {scale} arcsec/px</source>
        <translation>, {scale} Bogensekunden/px</translation>
    </message>
    <message>
        <source>input.{name}: no light has the {name} {wanted}.</source>
        <translation>input.{name}: Kein Light hat {name} {wanted}.</translation>
    </message>
    <message>
        <source>its {name} is {value}, {wanted} was requested</source>
        <translation>{name} ist {value}, verlangt war {wanted}</translation>
    </message>
    <message>
        <source>, one of {count} lights of {camera}</source>
        <translation>, eines von {count} Lights von {camera}</translation>
    </message>
    <message>
        <source>, the only light of {camera}</source>
        <translation>, das einzige Light von {camera}</translation>
    </message>
    <message>
        <source>There are: {known}.</source>
        <translation>Es gibt: {known}.</translation>
    </message>
    <message>
        <source>The headers name no {name}.</source>
        <translation>Die Header nennen kein {name}.</translation>
    </message>
    <message>
        <source>--set input.bayer_pattern={fitting}</source>
        <translation>--set input.bayer_pattern={fitting}</translation>
    </message>
    <message>
        <source>{named} gives the pattern {cfa} (in the order of the file&apos;s rows), but in its pixels the green phases are on the other diagonal: the levels of the four phases are {levels} ADU</source>
        <translation>{named} ergibt das Muster {cfa} (in der Zeilenfolge der Datei), aber in den Pixeln liegt Grün auf der anderen Diagonale: Die Niveaus der vier Phasen sind {levels} ADU</translation>
    </message>
    <message>
        <source>{choice}, or correct BAYERPAT, ROWORDER or YBAYROFF in the files.</source>
        <translation>{choice}, oder korrigieren Sie BAYERPAT, ROWORDER oder YBAYROFF in den Dateien.</translation>
    </message>
    <message>
        <source>its header names no Bayer pattern (BAYERPAT), but its pixels are a colour mosaic: the levels of the four phases are {levels} ADU; stacked as mono it would be grey</source>
        <translation>sein Header nennt kein Bayer-Muster (BAYERPAT), aber seine Pixel sind ein Farbmosaik: Die Niveaus der vier Phasen sind {levels} ADU; als mono gestackt wäre es grau</translation>
    </message>
    <message>
        <source>{choice}, as the manual of the camera names it; =mono stacks it as it is.</source>
        <translation>{choice}, wie das Handbuch der Kamera es nennt; =mono stackt es, wie es ist.</translation>
    </message>
    <message>
        <source>its header names an X-Trans mosaic of 6x6 pixels, which cannot be debayered here</source>
        <translation>sein Header nennt ein X-Trans-Mosaik von 6x6 Pixeln, das hier nicht debayert werden kann</translation>
    </message>
    <message>
        <source>Debayer the calibrated frames in Siril (calibrate ... -debayer) and stack the colour frames; to stack the mosaic as a grey picture: --set input.bayer_pattern=mono.</source>
        <translation>Debayern Sie die kalibrierten Bilder in Siril (calibrate ... -debayer), und stacken Sie die Farbbilder; um das Mosaik als graues Bild zu stacken: --set input.bayer_pattern=mono.</translation>
    </message>
    <message>
        <source>The camera {camera} has a colour sensor, but the pixels of {count} lights ({first} ...) are not a mosaic: they are stacked as mono.</source>
        <translation>Die Kamera {camera} hat einen Farbsensor, aber die Pixel von {count} Lights ({first} ...) sind kein Mosaik: Sie werden als mono gestackt.</translation>
    </message>
    <message>
        <source>{count} lights without BAYERPAT ({first} ...) have the mosaic of the others of their camera: {pattern} is used.</source>
        <translation>{count} Lights ohne BAYERPAT ({first} ...) haben das Mosaik der anderen ihrer Kamera: {pattern} wird verwendet.</translation>
    </message>
    <message>
        <source>{first}: {problem}. input.bayer_pattern is used.</source>
        <translation>{first}: {problem}. input.bayer_pattern gilt.</translation>
    </message>
    <message>
        <source>its pixels are an X-Trans mosaic of 6x6 pixels, which cannot be debayered here</source>
        <translation>seine Pixel sind ein X-Trans-Mosaik von 6x6 Pixeln, das hier nicht debayert werden kann</translation>
    </message>
    <message>
        <source>The headers name no filter.</source>
        <translation>Die Header nennen keinen Filter.</translation>
    </message>
    <message>
        <source>all its lights are copies of those of another night ({first} is {copies}).</source>
        <translation>alle ihre Lights sind Kopien von denen einer anderen Nacht ({first} ist {copies}).</translation>
    </message>
    <message>
        <source>no light has the filter {wanted}.</source>
        <translation>kein Light hat den Filter {wanted}.</translation>
    </message>
    <message>
        <source>The nights have {count} usable lights together, {min_frames} are needed.</source>
        <translation>Die Nächte haben zusammen {count} brauchbare Lights, {min_frames} werden gebraucht.</translation>
    </message>
    <message>
        <source>the night {folder}</source>
        <translation>der Nacht {folder}</translation>
    </message>
    <message>
        <source>{remedy} Or leave this night out (use: false).</source>
        <translation>{remedy} Oder lassen Sie diese Nacht weg (use: false).</translation>
    </message>
    <message>
        <source>The night {first} has {value} frames ({camera}), {other} has {b} ones ({camera2}): they cannot be one channel.</source>
        <translation>Die Nacht {first} hat {value}-Bilder ({camera}), {other} hat {b}-Bilder ({camera2}): Sie können nicht ein Kanal sein.</translation>
    </message>
    <message>
        <source>The row order (ROWORDER) of {other} is opposite to that of {first}: one of them is mirrored.</source>
        <translation>Die Zeilenfolge (ROWORDER) von {other} ist umgekehrt zu der von {first}: Eine der beiden ist gespiegelt.</translation>
    </message>
    <message>
        <source>The nights {other_name} and {session} share frames ({info}).</source>
        <translation>Die Nächte {other_name} und {session} haben gemeinsame Bilder ({info}).</translation>
    </message>
    <message>
        <source>Stack them in separate projects, or leave one out (use: false).</source>
        <translation>Stacken Sie sie in getrennten Projekten, oder lassen Sie eine weg (use: false).</translation>
    </message>
    <message>
        <source>Write both with the same setting of the capture program, or stack them separately.</source>
        <translation>Schreiben Sie beide mit derselben Einstellung des Aufnahmeprogramms, oder stacken Sie sie getrennt.</translation>
    </message>
    <message>
        <source>Give each night a separate folder, none within another.</source>
        <translation>Geben Sie jeder Nacht einen eigenen Ordner, keinen in einem anderen.</translation>
    </message>
    <message>
        <source>{count} lights of {camera} have the Bayer pattern {cfa}, those of {main} {pattern}: they are read without {rows} on each side, and begin with the same colours.</source>
        <translation>{count} Lights von {camera} haben das Bayer-Muster {cfa}, die von {main} {pattern}: Sie werden ohne {rows} an jeder Seite gelesen und beginnen mit denselben Farben.</translation>
    </message>
    <message>
        <source>Not used: {listing}. {advice}</source>
        <translation>Nicht verwendet: {listing}. {advice}</translation>
    </message>
    <message>
        <source>It cannot be measured ({name}: {error}).</source>
        <translation>Es kann nicht gemessen werden ({name}: {error}).</translation>
    </message>
    <message>
        <source>{role} frames ({names})</source>
        <translation>Aufnahmen ({role}: {names})</translation>
    </message>
    <message>
        <source>ROWORDER of {group} is {group2}, that of the lights {light}</source>
        <translation>ROWORDER von {group} ist {group2}, bei den Lights {light}</translation>
    </message>
    <message>
        <source>The pixels of {frames} agree with those of the lights only when their rows are reversed (correlation {reversed}, as the headers have it {straight}; {orders}): they are reversed. Correct ROWORDER in the files.</source>
        <translation>Die Pixel von {frames} passen nur mit umgekehrten Zeilen zu denen der Lights (Korrelation {reversed}, laut Header {straight}; {orders}): Sie werden umgekehrt. Korrigieren Sie ROWORDER in den Dateien.</translation>
    </message>
    <message>
        <source>ROWORDER of {count} {kind} frames ({turned}) is {turned2}, that of the lights {light}: their rows are reversed on reading.</source>
        <translation>ROWORDER von {count} Aufnahmen ({kind}: {turned}) ist {turned2}, bei den Lights {light}: Ihre Zeilen werden beim Lesen umgekehrt.</translation>
    </message>
    <message>
        <source>{frames}: their headers are those of calibration frames whose rows are reversed ({orders}): they are reversed too. Correct ROWORDER in the files.</source>
        <translation>{frames}: Ihre Header sind die von Kalibrierbildern, deren Zeilen umgekehrt sind ({orders}): Auch sie werden umgekehrt. Korrigieren Sie ROWORDER in den Dateien.</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>{count} float frames hold ADU ({adu}), {count2} values from 0 to 1 ({other}): each is read in its unit.</source>
        <translation>{count} Gleitkommabilder enthalten ADU ({adu}), {count2} Werte von 0 bis 1 ({other}): Jedes wird in seiner Einheit gelesen.</translation>
    </message>
    <message>
        <source>{wrapped}: negative 16-bit samples beside values near 32767 are values above 32767, written without BZERO; they are read as such.</source>
        <translation>{wrapped}: negative 16-Bit-Werte neben Werten nahe 32767 sind Werte über 32767, ohne BZERO geschrieben; so werden sie gelesen.</translation>
    </message>
    <message>
        <source>{lost}: the 16-bit samples are near -32768, as unsigned values without their BZERO; they are read with BZERO = 32768.</source>
        <translation>{lost}: Die 16-Bit-Werte liegen nahe -32768, wie vorzeichenlose Werte ohne ihr BZERO; sie werden mit BZERO = 32768 gelesen.</translation>
    </message>
    <message>
        <source>{wide}: the 32-bit samples are above 65535: their full range of 0 to 4294967295 is taken as that of the camera.</source>
        <translation>{wide}: Die 32-Bit-Werte liegen über 65535: Ihr voller Bereich von 0 bis 4294967295 gilt als der der Kamera.</translation>
    </message>
    <message>
        <source>Correct the setting.</source>
        <translation>Korrigieren Sie die Einstellung.</translation>
    </message>
    <message>
        <source>The night {night} has settings of {section}.</source>
        <translation>Die Nacht {night} hat Einstellungen von {section}.</translation>
    </message>
    <message>
        <source>A night may only have settings of {night_sections}; the others apply to all nights.</source>
        <translation>Eine Nacht darf nur Einstellungen von {night_sections} haben; die anderen gelten für alle Nächte.</translation>
    </message>
    <message>
        <source>The night {night}: settings.{where}: {msg}.</source>
        <translation>Die Nacht {night}: settings.{where}: {msg}.</translation>
    </message>
    <message>
        <source>within {rotation_tolerance} deg</source>
        <translation>innerhalb von {rotation_tolerance} Grad</translation>
    </message>
    <message>
        <source>{shape}x{shape2} {cfa} for {shape3}x{shape4} {cfa2}</source>
        <translation>{shape}x{shape2} {cfa} statt {shape3}x{shape4} {cfa2}</translation>
    </message>
    <message>
        <source>camera {camera} for {camera2}</source>
        <translation>Kamera {camera} statt {camera2}</translation>
    </message>
    <message>
        <source>{exposure} s for {exposure2} s</source>
        <translation>{exposure} s statt {exposure2} s</translation>
    </message>
    <message>
        <source>{temperature} C for {temperature2} C</source>
        <translation>{temperature} °C statt {temperature2} °C</translation>
    </message>
    <message>
        <source>filter {filter} for {filter2}</source>
        <translation>Filter {filter} statt {filter2}</translation>
    </message>
    <message>
        <source>rotator at {rotation} deg for {rotation2} deg</source>
        <translation>Rotator bei {rotation} Grad statt {rotation2} Grad</translation>
    </message>
    <message>
        <source>{count} {role} frames of {origin} are used{how}.</source>
        <translation>{count} Bilder ({role}) aus {origin} werden verwendet{how}.</translation>
    </message>
    <message>
        <source>{name} {given} for {wanted}</source>
        <translation>{name} {given} statt {wanted}</translation>
    </message>
    <message>
        <source>The master {role} {name} comes from {origin}{how}.</source>
        <translation>Der Master {name} ({role}) kommt aus {origin}{how}.</translation>
    </message>
    <message>
        <source>rotator {rotation} deg</source>
        <translation>Rotator {rotation} Grad</translation>
    </message>
    <message>
        <source>Add a line for each light.</source>
        <translation>Fügen Sie eine Zeile für jedes Light hinzu.</translation>
    </message>
    <message>
        <source>Put cells that contain the separator into double quotes.</source>
        <translation>Setzen Sie Zellen, die das Trennzeichen enthalten, in doppelte Anführungszeichen.</translation>
    </message>
    <message>
        <source>{key}: line {line} of {path}, column {column}: {what}.</source>
        <translation>{key}: Zeile {line} von {path}, Spalte {column}: {what}.</translation>
    </message>
    <message>
        <source>Remove them, or name the session that has them.</source>
        <translation>Entfernen Sie sie, oder geben Sie die Session an, die sie enthält.</translation>
    </message>
    <message>
        <source>Save it as CSV in UTF-8.</source>
        <translation>Speichern Sie sie als CSV in UTF-8.</translation>
    </message>
    <message>
        <source>Correct the quotes in it.</source>
        <translation>Korrigieren Sie die Anführungszeichen darin.</translation>
    </message>
    <message>
        <source>{key}: {path} names no frame.</source>
        <translation>{key}: {path} nennt kein Bild.</translation>
    </message>
    <message>
        <source>{key}: line {line} of {path} has {count} cells, the first line {wanted} columns.</source>
        <translation>{key}: Zeile {line} von {path} hat {count} Zellen, die erste Zeile {wanted} Spalten.</translation>
    </message>
    <message>
        <source>{order} is not a whole number</source>
        <translation>{order} ist keine ganze Zahl</translation>
    </message>
    <message>
        <source>{key}: {count} lines of {path}, column {file}, name files that are not lights of the session: {listed}.</source>
        <translation>{key}: {count} Zeilen von {path}, Spalte {file}, nennen Dateien, die keine Lights der Session sind: {listed}.</translation>
    </message>
    <message>
        <source>it is not in the stack plan {path}</source>
        <translation>es steht nicht im Stack-Plan {path}</translation>
    </message>
    <message>
        <source>{key}: {path} cannot be read: {strerror}.</source>
        <translation>{key}: {path} kann nicht gelesen werden: {strerror}.</translation>
    </message>
    <message>
        <source>{key}: {path} is not a text file (byte {start}).</source>
        <translation>{key}: {path} ist keine Textdatei (Byte {start}).</translation>
    </message>
    <message>
        <source>{key}: line 1 of {path} has no column {file}; its columns are {head}.</source>
        <translation>{key}: Zeile 1 von {path} hat keine Spalte {file}; ihre Spalten sind {head}.</translation>
    </message>
    <message>
        <source>The first line names the columns: {columns}. Only {file} is needed.</source>
        <translation>Die erste Zeile nennt die Spalten: {columns}. Nur {file} wird gebraucht.</translation>
    </message>
    <message>
        <source>{key}: line {line_num} of {path} cannot be read: {error}.</source>
        <translation>{key}: Zeile {line_num} von {path} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>{text} is not a number above 0</source>
        <translation>{text} ist keine Zahl über 0</translation>
    </message>
    <message>
        <source>Give as many folders as are needed to distinguish them.</source>
        <translation>Geben Sie so viele Ordner an, wie zur Unterscheidung nötig sind.</translation>
    </message>
    <message>
        <source>{key}: line {line} of {path}, column {file}: {file2} fits {count} lights ({fitting}, {fitting2} ...).</source>
        <translation>{key}: Zeile {line} von {path}, Spalte {file}: {file2} passt auf {count} Lights ({fitting}, {fitting2} ...).</translation>
    </message>
    <message>
        <source>Remove one of them.</source>
        <translation>Entfernen Sie eine davon.</translation>
    </message>
    <message>
        <source>{key}: lines {line} and {line2} of {path}, column {file}, name the same light {fitting}.</source>
        <translation>{key}: Die Zeilen {line} und {line2} von {path}, Spalte {file}, nennen dasselbe Light {fitting}.</translation>
    </message>
    <message>
        <source>Write the folder before the name, as FOLDER/FILE.</source>
        <translation>Schreiben Sie den Ordner vor den Namen, als ORDNER/DATEI.</translation>
    </message>
    <message>
        <source>No light of this run is named {name}.</source>
        <translation>Kein Light dieses Laufs heißt {name}.</translation>
    </message>
    <message>
        <source>{count} frame</source>
        <translation>{count} Bild</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} Bilder</translation>
    </message>
    <message>
        <source>Exclude fewer frames, or smaller boxes.</source>
        <translation>Schließen Sie weniger Bilder aus, oder kleinere Rechtecke.</translation>
    </message>
    <message>
        <source>{count} lights are named {name}: {several}.</source>
        <translation>{count} Lights heißen {name}: {several}.</translation>
    </message>
    <message>
        <source>Give pixels of the stack, counted from 0: x along its rows, y in the order of the file.</source>
        <translation>Geben Sie Pixel des Stacks an, von 0 gezählt: x entlang der Zeilen, y in der Reihenfolge der Datei.</translation>
    </message>
    <message>
        <source>stacking.exclude leaves {frames} in a tile, {min_frames} are needed.</source>
        <translation>stacking.exclude lässt in einer Kachel {frames} übrig, {min_frames} werden gebraucht.</translation>
    </message>
    <message>
        <source>Its lights are named like {names}.</source>
        <translation>Seine Lights heißen zum Beispiel {names}.</translation>
    </message>
    <message>
        <source>{entry} is outside the stack of {width} x {height} pixels.</source>
        <translation>{entry} ist außerhalb des Stacks von {width} x {height} Pixeln.</translation>
    </message>
    <message>
        <source>output.calibrated cannot be combined with engine.siril.output: frames.</source>
        <translation>output.calibrated kann nicht mit engine.siril.output: frames kombiniert werden.</translation>
    </message>
    <message>
        <source>Set engine.siril.output to transforms, or use output.registered.</source>
        <translation>Setzen Sie engine.siril.output auf transforms, oder verwenden Sie output.registered.</translation>
    </message>
    <message>
        <source>writing {folder} frames</source>
        <translation>{folder}-Bilder werden geschrieben</translation>
    </message>
    <message>
        <source>{folder} has {free} GiB free, its {count} frames need {needed} GiB.</source>
        <translation>In {folder} sind {free} GiB frei, die {count} Bilder brauchen {needed} GiB.</translation>
    </message>
    <message>
        <source>Free some space, or set output.{folder} to false.</source>
        <translation>Schaffen Sie Platz, oder setzen Sie output.{folder} auf false.</translation>
    </message>
    <message>
        <source>No {path} is written: sequences of Siril have no lenses, and frames of one size.</source>
        <translation>{path} wird nicht geschrieben: Sequenzen von Siril haben keine Verzeichnung und Bilder einer Größe.</translation>
    </message>
    <message>
        <source>Loosen selection.where or selection.keep_fraction; `orchestrate frames SESSION --scored` shows the scores.</source>
        <translation>Lockern Sie selection.where oder selection.keep_fraction; `orchestrate frames SESSION --scored` zeigt die Bewertungen.</translation>
    </message>
    <message>
        <source>selection.keep_fraction: its score {score} is not among the best {keep_fraction} % (from {score2})</source>
        <translation>selection.keep_fraction: Seine Bewertung {score} ist nicht unter den besten {keep_fraction} % (ab {score2})</translation>
    </message>
    <message>
        <source>The selection leaves {kept} of {count} frames, {min_frames} are needed.</source>
        <translation>Die Auswahl lässt {kept} von {count} Bildern übrig, {min_frames} werden gebraucht.</translation>
    </message>
    <message>
        <source>No frame of panel {number} is in the stack: it has no master tile.</source>
        <translation>Kein Bild der Kachel {number} ist im Stack: Sie hat keine Master-Kachel.</translation>
    </message>
    <message>
        <source>None of the {count} lights of the night {night} is in the stack.</source>
        <translation>Keines der {count} Lights der Nacht {night} ist im Stack.</translation>
    </message>
    <message>
        <source>Give artifacts/geometry.json of a run.</source>
        <translation>Geben Sie artifacts/geometry.json eines Laufs an.</translation>
    </message>
    <message>
        <source>{key} needs frames that are not resampled yet.</source>
        <translation>{key} braucht Bilder, die noch nicht umgerechnet sind.</translation>
    </message>
    <message>
        <source>Both must show the same field.</source>
        <translation>Beide müssen dasselbe Feld zeigen.</translation>
    </message>
    <message>
        <source>{key}: {path} is not the geometry of a run ({error}).</source>
        <translation>{key}: {path} ist nicht die Geometrie eines Laufs ({error}).</translation>
    </message>
    <message>
        <source>The frames cannot be matched to the grid of {file}: {error}.</source>
        <translation>Die Bilder lassen sich nicht auf das Raster von {file} bringen: {error}.</translation>
    </message>
    <message>
        <source>Transparency of {count} frames taken from their exposure time: fewer than {least} stars matched ({names}{count2}).</source>
        <translation>Die Transparenz von {count} Bildern kommt aus ihrer Belichtungszeit: Weniger als {least} Sterne passten ({names}{count2}).</translation>
    </message>
    <message>
        <source>Plate solve that light and write its WCS into it, choose another with registration.reference, or set mosaic.projection to none.</source>
        <translation>Bestimmen Sie die Astrometrie dieses Lights und schreiben Sie sein WCS hinein, wählen Sie mit registration.reference ein anderes, oder setzen Sie mosaic.projection auf none.</translation>
    </message>
    <message>
        <source>Plate solve the light again, without or with distortion.</source>
        <translation>Bestimmen Sie die Astrometrie des Lights neu, ohne oder mit Verzeichnung.</translation>
    </message>
    <message>
        <source>Give the header of a plate-solved image.</source>
        <translation>Geben Sie den Header eines Bildes mit Astrometrie an.</translation>
    </message>
    <message>
        <source>The position of the reference {info} on the sky is not known: its header has no WCS, and it could not be plate solved ({why}).</source>
        <translation>Die Position der Referenz {info} am Himmel ist nicht bekannt: Ihr Header hat kein WCS, und die Astrometrie gelang nicht ({why}).</translation>
    </message>
    <message>
        <source>The WCS of the reference {info} differs by {misfit} px from that of a plane without the distortion of its lens.</source>
        <translation>Das WCS der Referenz {info} weicht um {misfit} px von dem einer Ebene ohne Verzeichnung ab.</translation>
    </message>
    <message>
        <source>Give a FITS file or a text file of its header.</source>
        <translation>Geben Sie eine FITS-Datei oder eine Textdatei ihres Headers an.</translation>
    </message>
    <message>
        <source>mosaic.header: {path} has no WCS of the sky with right ascension first, or no NAXIS1 and NAXIS2.</source>
        <translation>mosaic.header: {path} hat kein WCS des Himmels mit der Rektaszension zuerst, oder kein NAXIS1 und NAXIS2.</translation>
    </message>
    <message>
        <source>mosaic.header: {path} cannot be read: {error}.</source>
        <translation>mosaic.header: {path} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>Install one (https://www.hnsky.org/astap.htm#star_database), set its folder with astrometry.astap_data, or write one with `orchestrate catalog write`.</source>
        <translation>Installieren Sie eine (https://www.hnsky.org/astap.htm#star_database), geben Sie ihren Ordner mit astrometry.astap_data an, oder schreiben Sie eine mit `orchestrate catalog write`.</translation>
    </message>
    <message>
        <source>Is the disk full?</source>
        <translation>Ist der Datenträger voll?</translation>
    </message>
    <message>
        <source>No ASTAP star database{name} was found.</source>
        <translation>Es wurde keine Sterndatenbank{name} von ASTAP gefunden.</translation>
    </message>
    <message>
        <source>The result of ASTAP for {image} is incomplete: {ini} lacks numbers.</source>
        <translation>Das Ergebnis von ASTAP für {image} ist unvollständig: In {ini} fehlen Zahlen.</translation>
    </message>
    <message>
        <source>ASTAP left no result for {image} (exit status {returncode}).</source>
        <translation>ASTAP hat für {image} kein Ergebnis hinterlassen (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>See {log}.</source>
        <translation>Siehe {log}.</translation>
    </message>
    <message>
        <source>ASTAP: {value} ({folder}).</source>
        <translation>ASTAP: {value} ({folder}).</translation>
    </message>
    <message>
        <source>solve-field failed (exit status {returncode}).</source>
        <translation>solve-field ist gescheitert (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>solve-field left an incomplete solution: {error}.</source>
        <translation>solve-field hat eine unvollständige Lösung hinterlassen: {error}.</translation>
    </message>
    <message>
        <source>{builder} made no index (exit status {returncode}).</source>
        <translation>{builder} hat keinen Index gemacht (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>GraXpert failed (exit status {returncode}, {count} images).</source>
        <translation>GraXpert ist gescheitert (Exit-Status {returncode}, {count} Bilder).</translation>
    </message>
    <message>
        <source>See {log}. GraXpert downloads its model when it runs for the first time.</source>
        <translation>Siehe {log}. GraXpert lädt sein Modell beim ersten Start herunter.</translation>
    </message>
    <message>
        <source>GraXpert made an image of {shape} from one of {shape2}.</source>
        <translation>GraXpert hat aus einem Bild von {shape2} eines von {shape} gemacht.</translation>
    </message>
    <message>
        <source>GraXpert left no usable image: {error}</source>
        <translation>GraXpert hat kein brauchbares Bild hinterlassen: {error}</translation>
    </message>
    <message>
        <source>{value} was not found ({value2}).</source>
        <translation>{value} wurde nicht gefunden ({value2}).</translation>
    </message>
    <message>
        <source>{path} does not identify itself as {value} (exit status {returncode}).</source>
        <translation>{path} gibt sich nicht als {value} zu erkennen (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>{path} is {found}, which is too old: {why_minimum}.</source>
        <translation>{path} ist {found}, das ist zu alt: {why_minimum}.</translation>
    </message>
    <message>
        <source>{path} is not an executable file.</source>
        <translation>{path} ist kein ausführbares Programm.</translation>
    </message>
    <message>
        <source>Raise the time limit, or check its log.</source>
        <translation>Erhöhen Sie das Zeitlimit, oder sehen Sie in sein Log.</translation>
    </message>
    <message>
        <source>{name} was not started: the run was cancelled.</source>
        <translation>{name} wurde nicht gestartet: Der Lauf wurde abgebrochen.</translation>
    </message>
    <message>
        <source>{name} was stopped after {seconds} s: the run was cancelled.</source>
        <translation>{name} wurde nach {seconds} s beendet: Der Lauf wurde abgebrochen.</translation>
    </message>
    <message>
        <source>{name} did not end within {timeout} s and was stopped.</source>
        <translation>{name} war nach {timeout} s nicht fertig und wurde beendet.</translation>
    </message>
    <message>
        <source>Install it, or correct its path.</source>
        <translation>Installieren Sie es, oder korrigieren Sie seinen Pfad.</translation>
    </message>
    <message>
        <source>{name} cannot be started: {words}: {strerror}.</source>
        <translation>{name} kann nicht gestartet werden: {words}: {strerror}.</translation>
    </message>
    <message>
        <source>{name} cannot be started: {words}: {error}.</source>
        <translation>{name} kann nicht gestartet werden: {words}: {error}.</translation>
    </message>
    <message>
        <source>{name} cannot start in {cwd}: the folder does not exist.</source>
        <translation>{name} kann in {cwd} nicht starten: Den Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>The package {packages} is not installed.</source>
        <translation>Das Paket {packages} ist nicht installiert.</translation>
    </message>
    <message>
        <source>{name} ended without a result (exit status {returncode}).</source>
        <translation>{name} endete ohne Ergebnis (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>Siril made an image of {shape} from one of {shape2}.</source>
        <translation>Siril hat aus einem Bild von {shape2} eines von {shape} gemacht.</translation>
    </message>
    <message>
        <source>Siril failed in {script}: {reason}</source>
        <translation>Siril ist in {script} gescheitert: {reason}</translation>
    </message>
    <message>
        <source>it crashed twice (exit status {returncode}).</source>
        <translation>es ist zweimal abgestürzt (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>{lines} (exit status {returncode}).</source>
        <translation>{lines} (Exit-Status {returncode}).</translation>
    </message>
    <message>
        <source>Siril&apos;s work folder {workdir} does not exist.</source>
        <translation>Sirils Arbeitsordner {workdir} gibt es nicht.</translation>
    </message>
    <message>
        <source>The Siril script {script} is not UTF-8: Siril would stop reading at byte {start}.</source>
        <translation>Das Siril-Skript {script} ist kein UTF-8: Siril würde bei Byte {start} aufhören zu lesen.</translation>
    </message>
    <message>
        <source>it reports success, but {output} was not made.</source>
        <translation>es meldet Erfolg, aber {output} ist nicht entstanden.</translation>
    </message>
    <message>
        <source>it reports success, but {output} is older than the run.</source>
        <translation>es meldet Erfolg, aber {output} ist älter als der Lauf.</translation>
    </message>
    <message>
        <source>it reports success, but {output} has only {stamp} bytes.</source>
        <translation>es meldet Erfolg, aber {output} hat nur {stamp} Bytes.</translation>
    </message>
    <message>
        <source>it reports success, but {error}</source>
        <translation>es meldet Erfolg, aber {error}</translation>
    </message>
    <message>
        <source>it printed no message</source>
        <translation>es hat keine Meldung ausgegeben</translation>
    </message>
    <message>
        <source>{command} of Siril printed no factors.</source>
        <translation>{command} von Siril hat keine Faktoren ausgegeben.</translation>
    </message>
    <message>
        <source>Siril made an image of {shape} from a mosaic of {shape2}.</source>
        <translation>Siril hat aus einem Mosaik von {shape2} ein Bild von {shape} gemacht.</translation>
    </message>
    <message>
        <source>The window of Siril was not found.</source>
        <translation>Das Fenster von Siril wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>Install Siril, so that `siril` is on PATH.</source>
        <translation>Installieren Sie Siril, sodass `siril` im PATH ist.</translation>
    </message>
    <message>
        <source>Siril was stopped: the run was cancelled.</source>
        <translation>Siril wurde beendet: Der Lauf wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Siril has ended, or has stopped the script.</source>
        <translation>Siril ist beendet, oder hat das Skript angehalten.</translation>
    </message>
    <message>
        <source>Use a name without control characters, $ and mixed quotes.</source>
        <translation>Verwenden Sie einen Namen ohne Steuerzeichen, $ und gemischte Anführungszeichen.</translation>
    </message>
    <message>
        <source>This Siril script must not be run: {what} (line {number}: {line}).</source>
        <translation>Dieses Siril-Skript darf nicht ausgeführt werden: {what} (Zeile {number}: {line}).</translation>
    </message>
    <message>
        <source>Name the folder that holds your templates, or remove the setting.</source>
        <translation>Geben Sie den Ordner mit Ihren Vorlagen an, oder entfernen Sie die Einstellung.</translation>
    </message>
    <message>
        <source>{word} cannot be written in a Siril script.</source>
        <translation>{word} kann nicht in ein Siril-Skript geschrieben werden.</translation>
    </message>
    <message>
        <source>engine.siril.templates: the folder {templates} does not exist.</source>
        <translation>engine.siril.templates: Den Ordner {templates} gibt es nicht.</translation>
    </message>
    <message>
        <source>Correct it, or remove it to use the built-in template.</source>
        <translation>Korrigieren Sie sie, oder entfernen Sie sie, um die eingebaute Vorlage zu verwenden.</translation>
    </message>
    <message>
        <source>Save it as UTF-8 text.</source>
        <translation>Speichern Sie sie als UTF-8-Text.</translation>
    </message>
    <message>
        <source>its first command is not {first_command}</source>
        <translation>sein erster Befehl ist nicht {first_command}</translation>
    </message>
    <message>
        <source>a line has more than {max_words} words</source>
        <translation>eine Zeile hat mehr als {max_words} Wörter</translation>
    </message>
    <message>
        <source>a line has more than {max_line_bytes} bytes</source>
        <translation>eine Zeile hat mehr als {max_line_bytes} Bytes</translation>
    </message>
    <message>
        <source>The template {filename}, line {lineno}: {error}</source>
        <translation>Die Vorlage {filename}, Zeile {lineno}: {error}</translation>
    </message>
    <message>
        <source>The template {place}: {error}</source>
        <translation>Die Vorlage {place}: {error}</translation>
    </message>
    <message>
        <source>The template {path} cannot be read: {error}</source>
        <translation>Die Vorlage {path} kann nicht gelesen werden: {error}</translation>
    </message>
    <message>
        <source>{what} was not started: the run was cancelled.</source>
        <translation>{what} wurde nicht gestartet: Der Lauf wurde abgebrochen.</translation>
    </message>
</context>
<context>
    <name>page</name>
    <message>
        <source>No frame has arrived yet.</source>
        <translation>Noch ist kein Bild angekommen.</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <source>The stack</source>
        <translation>Der Stack</translation>
    </message>
    <message>
        <source>Image: the stack</source>
        <translation>Bild: der Stack</translation>
    </message>
    <message>
        <source>The stack so far.</source>
        <translation>Der bisherige Stack.</translation>
    </message>
    <message>
        <source>The picture appears after the first frames.</source>
        <translation>Das Bild erscheint nach den ersten Aufnahmen.</translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation>Letzte Aufnahme</translation>
    </message>
    <message>
        <source>The last frame.</source>
        <translation>Die letzte Aufnahme.</translation>
    </message>
    <message>
        <source>Frames over time</source>
        <translation>Bilder im Lauf der Zeit</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>Keine.</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Table of the frames</source>
        <translation>Tabelle der Bilder</translation>
    </message>
    <message>
        <source>Served by orchestrate {0} on this computer. Nothing is sent anywhere else.</source>
        <translation>Von orchestrate {0} auf diesem Rechner angeboten. Nichts wird anderswohin gesendet.</translation>
    </message>
    <message>
        <source>waiting for frames</source>
        <translation>wartet auf Bilder</translation>
    </message>
    <message>
        <source>full stack</source>
        <translation>voller Stack</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>the program has ended</source>
        <translation>das Programm ist beendet</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>transparency</source>
        <translation>Transparenz</translation>
    </message>
    <message>
        <source>stars</source>
        <translation>Sterne</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>frame</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>{0} of {1} frames: {2} to {3}.</source>
        <translation>{0} von {1} Bildern: {2} bis {3}.</translation>
    </message>
    <message>
        <source>not in the full stack</source>
        <translation>nicht im vollen Stack</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>{0} verwenden</translation>
    </message>
    <message>
        <source>Leave out {0}</source>
        <translation>{0} weglassen</translation>
    </message>
    <message>
        <source>{0} frames stacked</source>
        <translation>{0} Bilder gestackt</translation>
    </message>
    <message>
        <source>filter {0}</source>
        <translation>Filter {0}</translation>
    </message>
    <message>
        <source>{0} left out</source>
        <translation>{0} weggelassen</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} warten</translation>
    </message>
    <message>
        <source>{0} panels</source>
        <translation>{0} Kacheln</translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation>noch etwa {0}</translation>
    </message>
    <message>
        <source>The last {0} of {1} frames, the newest first.</source>
        <translation>Die letzten {0} von {1} Bildern, das neueste zuerst.</translation>
    </message>
    <message>
        <source>Frames that you leave out stay in this picture; the full stack does not use them.</source>
        <translation>Bilder, die Sie weglassen, bleiben in diesem Bild; der volle Stack verwendet sie nicht.</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>remark</source>
        <translation>Bemerkung</translation>
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
        <source>The results differ little. siril needs more disk for its copies of the frames; native needs no other program.</source>
        <translation>Die Ergebnisse unterscheiden sich wenig. siril braucht mehr Platz für seine Kopien der Bilder; native braucht kein anderes Programm.</translation>
    </message>
    <message>
        <source>Off: hot pixels are left to rejection, which needs dithered frames.</source>
        <translation>Aus: Heiße Pixel bleiben der Rejektion überlassen, die geditherte Bilder braucht.</translation>
    </message>
    <message>
        <source>Lower: more pixels are replaced by their neighbours.</source>
        <translation>Kleiner: Mehr Pixel werden durch ihre Nachbarn ersetzt.</translation>
    </message>
    <message>
        <source>Only the size of the canvas changes: with alt_az the corners that the field rotates into are kept, with equatorial the picture has the size of one frame.</source>
        <translation>Nur die Größe der Fläche ändert sich: Mit alt_az bleiben die Ecken, in die sich das Feld dreht, mit equatorial ist das Bild so groß wie eine Aufnahme.</translation>
    </message>
    <message>
        <source>lanczos4 keeps the most detail; bilinear is softer, without dark rings around bright stars.</source>
        <translation>lanczos4 behält die meisten Details; bilinear ist weicher, ohne dunkle Ringe um helle Sterne.</translation>
    </message>
    <message>
        <source>none keeps every corner, with more noise where few frames overlap. coverage cuts these rims off.</source>
        <translation>none behält jede Ecke, mit mehr Rauschen, wo wenige Bilder überlappen. coverage schneidet diese Ränder ab.</translation>
    </message>
    <message>
        <source>Larger: a smaller picture with more even noise.</source>
        <translation>Größer: ein kleineres Bild mit gleichmäßigerem Rauschen.</translation>
    </message>
    <message>
        <source>Larger: softer borders between frames and panels.</source>
        <translation>Größer: weichere Ränder zwischen Bildern und Kacheln.</translation>
    </message>
    <message>
        <source>Larger: gradients that change during the night fit better; 0 removes a constant only.</source>
        <translation>Größer: Gradienten, die sich in der Nacht ändern, passen besser; 0 entfernt nur eine Konstante.</translation>
    </message>
    <message>
        <source>Smaller: the weights follow clouds and blur more closely, but each is less certain; slower.</source>
        <translation>Kleiner: Die Gewichte folgen Wolken und Unschärfe genauer, aber jedes ist unsicherer; langsamer.</translation>
    </message>
    <message>
        <source>snr shows faint extended light with the least noise; psf_snr and quality give sharper stars and more noise.</source>
        <translation>snr zeigt schwaches flächiges Licht mit dem wenigsten Rauschen; psf_snr und quality geben schärfere Sterne und mehr Rauschen.</translation>
    </message>
    <message>
        <source>Off: passing clouds and local blur count for the whole frame; a little faster.</source>
        <translation>Aus: Durchziehende Wolken und örtliche Unschärfe zählen für das ganze Bild; etwas schneller.</translation>
    </message>
    <message>
        <source>Lower: sharper and with fewer clouds, but more noise, since fewer frames are stacked. The weights do most of this already.</source>
        <translation>Kleiner: schärfer und mit weniger Wolken, aber mehr Rauschen, weil weniger Bilder gestackt werden. Das meiste davon leisten schon die Gewichte.</translation>
    </message>
    <message>
        <source>none keeps satellites and cosmic rays, and is fastest. The other methods differ little with many frames.</source>
        <translation>none behält Satelliten und kosmische Strahlung und ist am schnellsten. Die anderen Methoden unterscheiden sich bei vielen Bildern wenig.</translation>
    </message>
    <message>
        <source>Lower: more dark outliers are rejected, and more good samples with them (more noise).</source>
        <translation>Kleiner: Mehr dunkle Ausreißer werden verworfen und mit ihnen mehr gute Werte (mehr Rauschen).</translation>
    </message>
    <message>
        <source>Lower: fainter trails and cosmic rays go, and more good samples with them; too low dims the cores of stars.</source>
        <translation>Kleiner: Schwächere Spuren und kosmische Strahlung verschwinden, und mit ihnen mehr gute Werte; zu klein dunkelt die Kerne der Sterne ab.</translation>
    </message>
    <message>
        <source>Larger: the cores of stars are safer, but cosmic rays on them remain.</source>
        <translation>Größer: Die Kerne der Sterne sind sicherer, aber kosmische Strahlung darauf bleibt.</translation>
    </message>
    <message>
        <source>Larger: the soft edges of trails go too, and a few more good samples.</source>
        <translation>Größer: Auch die weichen Ränder von Spuren verschwinden, und einige gute Werte mehr.</translation>
    </message>
    <message>
        <source>On: faint trails disappear too. Off: a little faster; only what stands out of the noise is rejected.</source>
        <translation>Ein: Auch schwache Spuren verschwinden. Aus: etwas schneller; nur was aus dem Rauschen ragt, wird verworfen.</translation>
    </message>
    <message>
        <source>proper gives round stars of one size from frames of different seeing and takes longer. drizzle shows more detail of undersampled, dithered frames, with more noise in each pixel.</source>
        <translation>proper macht aus Bildern mit verschiedenem Seeing runde Sterne einer Größe und dauert länger. drizzle zeigt bei zu grob abgetasteten, geditherten Bildern mehr Details, mit mehr Rauschen pro Pixel.</translation>
    </message>
    <message>
        <source>Larger: finer pixels, at the square of the memory, disk and time, and more noise in each.</source>
        <translation>Größer: feinere Pixel, mit quadratisch mehr Speicher, Platz und Zeit, und mehr Rauschen in jedem.</translation>
    </message>
    <message>
        <source>Smaller: sharper, but noisier and with holes if there are few frames.</source>
        <translation>Kleiner: schärfer, aber mit mehr Rauschen und mit Löchern bei wenigen Bildern.</translation>
    </message>
    <message>
        <source>last keeps the most detail of many dithered frames. first is safer with few frames. superpixel gives half the size and a quarter of the time and memory.</source>
        <translation>last behält bei vielen geditherten Bildern die meisten Details. first ist mit wenigen Bildern sicherer. superpixel gibt die halbe Größe bei einem Viertel an Zeit und Speicher.</translation>
    </message>
    <message>
        <source>The picture is the same; none saves up to a minute, without coordinates, names of objects and colours from a catalog.</source>
        <translation>Das Bild ist dasselbe; none spart bis zu einer Minute, ohne Koordinaten, Objektnamen und Farben aus einem Katalog.</translation>
    </message>
    <message>
        <source>On: gradients of light pollution and moonlight go. Off: nothing of faint, large nebulae can be subtracted by mistake.</source>
        <translation>Ein: Gradienten von Lichtverschmutzung und Mondlicht verschwinden. Aus: Von schwachen, großen Nebeln kann nichts irrtümlich abgezogen werden.</translation>
    </message>
    <message>
        <source>Larger: more complex gradients go, and sooner parts of large nebulae.</source>
        <translation>Größer: Kompliziertere Gradienten verschwinden, und eher auch Teile großer Nebel.</translation>
    </message>
    <message>
        <source>Off: stronger gradients can go, at the risk of holes around galaxies and nebulae.</source>
        <translation>Aus: Stärkere Gradienten können verschwinden, mit der Gefahr von Löchern um Galaxien und Nebel.</translation>
    </message>
    <message>
        <source>On: stars get their true colours and the sky is neutral. Off: the colours of the sensor remain.</source>
        <translation>Ein: Sterne erhalten ihre wahren Farben, und der Himmel ist neutral. Aus: Die Farben des Sensors bleiben.</translation>
    </message>
    <message>
        <source>Only the colours of the combined picture change; the stack of each filter is the same.</source>
        <translation>Nur die Farben des kombinierten Bildes ändern sich; der Stack jedes Filters ist derselbe.</translation>
    </message>
    <message>
        <source>Larger: fewer passes over the frames, so faster. The picture is the same.</source>
        <translation>Größer: weniger Durchgänge durch die Bilder, also schneller. Das Bild ist dasselbe.</translation>
    </message>
    <message>
        <source>More: faster, up to the number of cores, with more memory. The picture is the same.</source>
        <translation>Mehr: schneller, bis zur Zahl der Kerne, mit mehr Speicher. Das Bild ist dasselbe.</translation>
    </message>
    <message>
        <source>On: a second run of the same session takes a fraction of the time. The picture is the same.</source>
        <translation>Ein: Ein zweiter Lauf derselben Session braucht einen Bruchteil der Zeit. Das Bild ist dasselbe.</translation>
    </message>
    <message>
        <source>On: settings of the stack can be changed without repeating the run, for some disk space.</source>
        <translation>Ein: Einstellungen des Stacks können ohne neuen Lauf geändert werden, für etwas Platz auf dem Datenträger.</translation>
    </message>
    <message>
        <source>On: the run takes up to 5 % longer. The picture is the same.</source>
        <translation>Ein: Der Lauf dauert bis zu 5 % länger. Das Bild ist dasselbe.</translation>
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
