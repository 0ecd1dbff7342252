<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>FrameModel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
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
        <source>Note</source>
        <translation>Bemerkung</translation>
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
</context>
<context>
    <name>Job</name>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Das Programm {0} konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>Install it anew.</source>
        <translation>Installieren Sie es neu.</translation>
    </message>
    <message>
        <source>The process ended without an answer. Its last words: {0}</source>
        <translation>Der Prozess endete ohne Antwort. Seine letzten Worte: {0}</translation>
    </message>
    <message>
        <source>What was finished is kept; resume the run.</source>
        <translation>Was fertig war, bleibt erhalten; setzen Sie den Lauf fort.</translation>
    </message>
</context>
<context>
    <name>NightsTab</name>
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
        <source>Look &amp;again</source>
        <translation>Neu &amp;ansehen</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>S&amp;topp</translation>
    </message>
    <message>
        <source>&amp;Blink</source>
        <translation>&amp;Blinken</translation>
    </message>
    <message>
        <source>One after the other: the selected frames, or all (Ctrl+B)</source>
        <translation>Eines nach dem anderen: die gewählten Bilder oder alle (Strg+B)</translation>
    </message>
    <message>
        <source>Sp&amp;eed:</source>
        <translation>Ge&amp;schwindigkeit:</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>Bilder je Sekunde</translation>
    </message>
    <message>
        <source>Frames of the night</source>
        <translation>Bilder der Nacht</translation>
    </message>
    <message>
        <source>Picture of the frame</source>
        <translation>Ansicht des Bildes</translation>
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
    <name>ProcessingTab</name>
    <message numerus="yes">
        <source>%n setting(s) wrong: {0}. The last right value stays until then.</source>
        <translation>
            <numerusform>%n Einstellung ist falsch: {0}. Bis dahin gilt der letzte richtige Wert.</numerusform>
            <numerusform>%n Einstellungen sind falsch: {0}. Bis dahin gelten die letzten richtigen Werte.</numerusform>
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
        <source>&amp;Changed only</source>
        <translation>Nur &amp;geänderte</translation>
    </message>
    <message>
        <source>Pre&amp;set:</source>
        <translation>&amp;Vorgabe:</translation>
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
    <name>ProjectTab</name>
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
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>A folder with lights, darks, flats and biases</source>
        <translation>Ein Ordner mit Lights, Darks, Flats und Bias</translation>
    </message>
    <message>
        <source>Where runs are kept</source>
        <translation>Wohin die Läufe kommen</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>noch nicht gesichert</translation>
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
        <source>R&amp;uns go to:</source>
        <translation>Lä&amp;ufe nach:</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>Wä&amp;hlen …</translation>
    </message>
    <message>
        <source>Ne&amp;w</source>
        <translation>Ne&amp;u</translation>
    </message>
    <message>
        <source>Op&amp;en …</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Sichern</translation>
    </message>
    <message>
        <source>&amp;Add folder …</source>
        <translation>Ordner hin&amp;zufügen …</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>N&amp;ights:</source>
        <translation>Nä&amp;chte:</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Nacht</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Fo&amp;und wrong, or worth knowing:</source>
        <translation>Fehler und H&amp;inweise:</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Drag folders of raw frames into the window, or add them. Nothing is ever written there.</source>
        <translation>Ziehen Sie Ordner mit Rohbildern ins Fenster oder fügen Sie sie hinzu. Dort wird nie etwas geschrieben.</translation>
    </message>
</context>
<context>
    <name>ResultsTab</name>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>finished, threshold missed</source>
        <translation>fertig, Schwelle verfehlt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
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
        <translation>unfertig</translation>
    </message>
    <message>
        <source>finished, a filter is missing</source>
        <translation>fertig, ein Filter fehlt</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>the plain mean</source>
        <translation>dem einfachen Mittel</translation>
    </message>
    <message>
        <source>the frame {0}</source>
        <translation>dem Bild {0}</translation>
    </message>
    <message>
        <source>{0} cannot be shown.</source>
        <translation>{0} kann nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>Making the picture …</source>
        <translation>Das Bild wird gemacht …</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
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
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>What the run found</source>
        <translation>Was der Lauf ergab</translation>
    </message>
    <message>
        <source>P&amp;icture:</source>
        <translation>B&amp;ild:</translation>
    </message>
    <message>
        <source>&amp;Compared with:</source>
        <translation>&amp;Verglichen mit:</translation>
    </message>
    <message>
        <source>&amp;Divider:</source>
        <translation>&amp;Trenner:</translation>
    </message>
    <message>
        <source>Divider between before and after</source>
        <translation>Trenner zwischen vorher und nachher</translation>
    </message>
    <message>
        <source>Picture of the result</source>
        <translation>Bild des Ergebnisses</translation>
    </message>
    <message>
        <source>Wheel or + and -: zoom; drag: move; F: fit; 1: one to one</source>
        <translation>Rad oder + und -: Zoom; Ziehen: verschieben; F: einpassen; 1: eins zu eins</translation>
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
        <source>Open r&amp;eport</source>
        <translation>Bericht ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>O&amp;rdner öffnen</translation>
    </message>
    <message>
        <source>Read &amp;again</source>
        <translation>Neu &amp;lesen</translation>
    </message>
    <message>
        <source>Res&amp;ume this run</source>
        <translation>Diesen Lauf fort&amp;setzen</translation>
    </message>
</context>
<context>
    <name>RunTab</name>
    <message>
        <source>A folder for the scripts</source>
        <translation>Ein Ordner für die Skripte</translation>
    </message>
    <message>
        <source>Scripts written: {0}</source>
        <translation>Skripte geschrieben: {0}</translation>
    </message>
    <message>
        <source>Run {0}</source>
        <translation>Lauf {0}</translation>
    </message>
    <message>
        <source>Filter {0} ({1} of {2})</source>
        <translation>Filter {0} ({1} von {2})</translation>
    </message>
    <message>
        <source>running …</source>
        <translation>läuft …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>ausgelassen</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>Finished.</source>
        <translation>Fertig.</translation>
    </message>
    <message>
        <source>Aborted. What is finished is kept; Resume goes on from there.</source>
        <translation>Abgebrochen. Was fertig ist, bleibt erhalten; Fortsetzen macht dort weiter.</translation>
    </message>
    <message>
        <source>Finished, but a validation threshold was missed: see the report.</source>
        <translation>Fertig, aber eine Schwelle der Prüfung wurde verfehlt: siehe Bericht.</translation>
    </message>
    <message>
        <source>Failed:</source>
        <translation>Gescheitert:</translation>
    </message>
    <message>
        <source>Finished, but a filter is missing:</source>
        <translation>Fertig, aber ein Filter fehlt:</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each is stacked on the same pixels, and they are combined as {1}.</source>
        <translation>Lights je Filter: {0}. Jeder wird auf denselben Pixeln gestapelt, und sie werden zu {1} verbunden.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each is stacked; they are not combined.</source>
        <translation>Lights je Filter: {0}. Jeder wird gestapelt; sie werden nicht verbunden.</translation>
    </message>
    <message>
        <source>{0} is not stacked: {1}</source>
        <translation>{0} wird nicht gestapelt: {1}</translation>
    </message>
    <message>
        <source>End at once</source>
        <translation>Sofort beenden</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) wrong. Show</source>
        <translation>
            <numerusform>%n Einstellung ist falsch. Zeigen</numerusform>
            <numerusform>%n Einstellungen sind falsch. Zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Running …</source>
        <translation>Läuft …</translation>
    </message>
    <message>
        <source>Add a folder with frames in the tab Project.</source>
        <translation>Fügen Sie im Reiter Projekt einen Ordner mit Bildern hinzu.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked into {0}</source>
        <translation>
            <numerusform>%n Nacht wird gestapelt, nach {0}</numerusform>
            <numerusform>%n Nächte werden gestapelt, nach {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Write Siril s&amp;cripts …</source>
        <translation>Siril-S&amp;kripte schreiben …</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>Na&amp;me:</translation>
    </message>
    <message>
        <source>of the run; made from time and session by default</source>
        <translation>des Laufs; sonst aus Zeit und Sitzung gebildet</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>Phasen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>&amp;Warnings only</source>
        <translation>Nur &amp;Warnungen</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
    <message>
        <source>Progress of the phase</source>
        <translation>Fortschritt der Phase</translation>
    </message>
</context>
<context>
    <name>SettingField</name>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Default: {0}</source>
        <translation>Vorgabe: {0}</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Default of {0}</source>
        <translation>Vorgabe von {0}</translation>
    </message>
    <message>
        <source>Go back to {0}</source>
        <translation>Zurück zu {0}</translation>
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
        <translation>Eine Datei für {0} wählen</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Open a project</source>
        <translation>Ein Projekt öffnen</translation>
    </message>
    <message>
        <source>Projects (*.yaml *.yml *.json)</source>
        <translation>Projekte (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Das Projekt sichern</translation>
    </message>
    <message>
        <source>Projects (*.yaml)</source>
        <translation>Projekte (*.yaml)</translation>
    </message>
    <message numerus="yes">
        <source>Saved. %n wrong setting(s) kept their last right value.</source>
        <translation>
            <numerusform>Gesichert. %n falsche Einstellung behielt ihren letzten richtigen Wert.</numerusform>
            <numerusform>Gesichert. %n falsche Einstellungen behielten ihren letzten richtigen Wert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gesichert.</translation>
    </message>
    <message>
        <source>Not possible</source>
        <translation>Nicht möglich</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungesicherte Änderungen</translation>
    </message>
    <message>
        <source>Save the changes to {0}?</source>
        <translation>Die Änderungen an {0} sichern?</translation>
    </message>
    <message>
        <source>the project</source>
        <translation>dem Projekt</translation>
    </message>
    <message>
        <source>A run is under way</source>
        <translation>Ein Lauf ist im Gange</translation>
    </message>
    <message>
        <source>Abort the run? What is finished is kept, and it can be resumed.</source>
        <translation>Den Lauf abbrechen? Was fertig ist, bleibt erhalten, und er kann fortgesetzt werden.</translation>
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
        <translation>Der Lauf ist zu Ende: {0}</translation>
    </message>
    <message>
        <source>About orchestrate</source>
        <translation>Über orchestrate</translation>
    </message>
    <message>
        <source>orchestrate {0}

Stacks raw astronomical frames with local quality weights.</source>
        <translation>orchestrate {0}

Stapelt astronomische Rohbilder mit örtlichen Gütegewichten.</translation>
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
        <translation>&amp;Sichern</translation>
    </message>
    <message>
        <source>Save &amp;as …</source>
        <translation>Sichern &amp;unter …</translation>
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
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Write Siril s&amp;cripts …</source>
        <translation>Siril-S&amp;kripte schreiben …</translation>
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
        <source>As the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;Project</source>
        <translation>&amp;Projekt</translation>
    </message>
    <message>
        <source>&amp;Nights</source>
        <translation>&amp;Nächte</translation>
    </message>
    <message>
        <source>Pr&amp;ocessing</source>
        <translation>Verarbei&amp;tung</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>Resul&amp;ts</source>
        <translation>&amp;Ergebnisse</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Where the frames are, and how many are enough.</source>
        <translation>Wo die Bilder sind und wie viele genügen.</translation>
    </message>
    <message>
        <source>Use the lights of this filter only (name as in the header or file name).</source>
        <translation>Nur Lights dieses Filters verwenden (Name wie im Header oder Dateinamen).</translation>
    </message>
    <message>
        <source>Use the lights of this object only.</source>
        <translation>Nur Lights dieses Objekts verwenden.</translation>
    </message>
    <message>
        <source>CFA pattern as the header would name it; auto reads BAYERPAT and ROWORDER.</source>
        <translation>CFA-Muster, wie der Header es nennen würde; auto liest BAYERPAT und ROWORDER.</translation>
    </message>
    <message>
        <source>Fewer usable lights end the run.</source>
        <translation>Weniger brauchbare Lights beenden den Lauf.</translation>
    </message>
    <message>
        <source>Fewer lights: reduced mode, no clusters.</source>
        <translation>Weniger Lights: reduzierter Modus, keine Gruppen.</translation>
    </message>
    <message>
        <source>Go on below frames_min with whatever there is.</source>
        <translation>Unter frames_min mit dem weitermachen, was da ist.</translation>
    </message>
    <message>
        <source>Free disk needed, times the expected size of the run.</source>
        <translation>Nötiger freier Plattenplatz als Vielfaches der erwarteten Größe des Laufs.</translation>
    </message>
    <message>
        <source>Largest difference between darks and lights in deg C.</source>
        <translation>Größter Unterschied zwischen Darks und Lights in °C.</translation>
    </message>
    <message>
        <source>Largest difference between flats and lights in the rotator&apos;s angle.</source>
        <translation>Größter Unterschied des Rotatorwinkels zwischen Flats und Lights.</translation>
    </message>
    <message>
        <source>Nights that are calibrated each with its own masters and stacked together (projects set this).</source>
        <translation>Nächte, die je mit eigenen Mastern kalibriert und zusammen gestapelt werden (Projekte setzen das).</translation>
    </message>
    <message>
        <source>A night without fitting calibration frames of a kind takes those of another night.</source>
        <translation>Eine Nacht ohne passende Kalibrierbilder einer Art nimmt die einer anderen.</translation>
    </message>
    <message>
        <source>Who calibrates and registers.</source>
        <translation>Wer kalibriert und ausrichtet.</translation>
    </message>
    <message>
        <source>auto takes Siril 1.4 or newer when it is found, else the native engine.</source>
        <translation>auto nimmt Siril 1.4 oder neuer, wenn es gefunden wird, sonst das eigene Programm.</translation>
    </message>
    <message>
        <source>siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.</source>
        <translation>siril-cli; leer: gesucht in SIRIL_CLI, PATH und den üblichen Ordnern.</translation>
    </message>
    <message>
        <source>transforms: Siril calibrates and registers, frames are warped while they are read. frames: Siril exports registered frames.</source>
        <translation>transforms: Siril kalibriert und richtet aus, Bilder werden beim Lesen verformt. frames: Siril exportiert ausgerichtete Bilder.</translation>
    </message>
    <message>
        <source>Folder with templates of your own for Siril&apos;s scripts; each stands for ours of the same name.</source>
        <translation>Ordner mit eigenen Vorlagen für Sirils Skripte; jede ersetzt unsere gleichen Namens.</translation>
    </message>
    <message>
        <source>Seconds for one script.</source>
        <translation>Sekunden für ein Skript.</translation>
    </message>
    <message>
        <source>When Siril fails, go on with the native engine.</source>
        <translation>Wenn Siril scheitert, mit dem eigenen Programm weitermachen.</translation>
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
        <source>Folder of masters for all sessions; None looks in ORCHESTRATE_MASTERS.</source>
        <translation>Ordner mit Mastern für alle Sitzungen; leer: gesucht in ORCHESTRATE_MASTERS.</translation>
    </message>
    <message>
        <source>Put the masters that a run makes into the library.</source>
        <translation>Die Master eines Laufs in die Bibliothek legen.</translation>
    </message>
    <message>
        <source>Constant bias level in ADU, for want of bias frames.</source>
        <translation>Fester Bias-Wert in ADU, wenn Bias-Bilder fehlen.</translation>
    </message>
    <message>
        <source>Scale the dark to least noise (needs a bias).</source>
        <translation>Das Dark auf geringstes Rauschen skalieren (braucht ein Bias).</translation>
    </message>
    <message>
        <source>Normalise the flat so that it does not change the colours.</source>
        <translation>Das Flat so normieren, dass es die Farben nicht ändert.</translation>
    </message>
    <message>
        <source>Replace bad pixels by the median of their neighbours of the same colour.</source>
        <translation>Schlechte Pixel durch den Median ihrer gleichfarbigen Nachbarn ersetzen.</translation>
    </message>
    <message>
        <source>Threshold of hot pixels in the master dark, in sigma of one light.</source>
        <translation>Schwelle für heiße Pixel im Master-Dark, in Sigma eines Lights.</translation>
    </message>
    <message>
        <source>Threshold of cold pixels in the master dark, in sigma of one light.</source>
        <translation>Schwelle für kalte Pixel im Master-Dark, in Sigma eines Lights.</translation>
    </message>
    <message>
        <source>Clipping of frames when masters are made (winsorized sigma).</source>
        <translation>Verwerfen beim Machen der Master (Winsorized Sigma).</translation>
    </message>
    <message>
        <source>Alignment to the reference frame.</source>
        <translation>Ausrichten auf das Referenzbild.</translation>
    </message>
    <message>
        <source>auto, or the file name of the reference light.</source>
        <translation>auto oder der Dateiname des Referenz-Lights.</translation>
    </message>
    <message>
        <source>Take the transforms of another run (its artifacts/registration.json).</source>
        <translation>Die Transformationen eines anderen Laufs nehmen (dessen artifacts/registration.json).</translation>
    </message>
    <message>
        <source>Lay the stack onto the pixels of another run&apos;s (its artifacts/geometry.json).</source>
        <translation>Das Summenbild auf die Pixel eines anderen Laufs legen (dessen artifacts/geometry.json).</translation>
    </message>
    <message>
        <source>Stars that must agree with a transform (or a third of those matched).</source>
        <translation>Sterne, die zu einer Transformation passen müssen (oder ein Drittel der gepaarten).</translation>
    </message>
    <message>
        <source>Largest rms residual of the stars in pixels.</source>
        <translation>Größter rms-Rest der Sterne in Pixeln.</translation>
    </message>
    <message>
        <source>Largest scale difference to the reference.</source>
        <translation>Größter Maßstabsunterschied zur Referenz.</translation>
    </message>
    <message>
        <source>Star detection threshold above the noise.</source>
        <translation>Schwelle der Sternerkennung über dem Rauschen.</translation>
    </message>
    <message>
        <source>Brightest stars used.</source>
        <translation>Zahl der hellsten Sterne, die verwendet werden.</translation>
    </message>
    <message>
        <source>Largest canvas area, times that of a frame.</source>
        <translation>Größte Fläche der Leinwand als Vielfaches eines Bildes.</translation>
    </message>
    <message>
        <source>How pixels between pixels are read when frames are warped.</source>
        <translation>Wie zwischen Pixeln gelesen wird, wenn Bilder verformt werden.</translation>
    </message>
    <message>
        <source>The common pixel grid.</source>
        <translation>Das gemeinsame Pixelgitter.</translation>
    </message>
    <message>
        <source>Frame borders fade in over so many pixels.</source>
        <translation>Bildränder werden über so viele Pixel eingeblendet.</translation>
    </message>
    <message>
        <source>Transparency and sky of each frame.</source>
        <translation>Transparenz und Himmel jedes Bildes.</translation>
    </message>
    <message>
        <source>photometric: by the stars&apos; fluxes. background: the sky&apos;s level only.</source>
        <translation>photometric: nach den Flüssen der Sterne. background: nur die Helligkeit des Himmels.</translation>
    </message>
    <message>
        <source>Fewer matched stars: transparency from exposure time only.</source>
        <translation>Weniger gepaarte Sterne: Transparenz nur aus der Belichtungszeit.</translation>
    </message>
    <message>
        <source>Order of the polynomial background surface.</source>
        <translation>Ordnung der polynomialen Hintergrundfläche.</translation>
    </message>
    <message>
        <source>Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</source>
        <translation>Kachelgitter: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</translation>
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
        <source>A tile is at most the frame&apos;s shorter side divided by this.</source>
        <translation>Eine Kachel ist höchstens die kürzere Bildseite geteilt durch dies.</translation>
    </message>
    <message>
        <source>Share of a tile that overlaps the next.</source>
        <translation>Anteil einer Kachel, der die nächste überlappt.</translation>
    </message>
    <message>
        <source>Global and local quality.</source>
        <translation>Globale und örtliche Güte.</translation>
    </message>
    <message>
        <source>Weight of a low background; alpha + beta + gamma = 1.</source>
        <translation>Gewicht eines dunklen Hintergrunds; alpha + beta + gamma = 1.</translation>
    </message>
    <message>
        <source>Weight of low noise.</source>
        <translation>Gewicht geringen Rauschens.</translation>
    </message>
    <message>
        <source>Weight of sharp gradients.</source>
        <translation>Gewicht scharfer Gradienten.</translation>
    </message>
    <message>
        <source>Weights proportional to the variance of each score.</source>
        <translation>Gewichte proportional zur Varianz jeder Wertung.</translation>
    </message>
    <message>
        <source>G = exp(exponent * clip(Q, -3, 3)).</source>
        <translation>G = exp(exponent * clip(Q, -3, 3)).</translation>
    </message>
    <message>
        <source>Stars that make a tile a star tile.</source>
        <translation>Sterne, die eine Kachel zur Sternkachel machen.</translation>
    </message>
    <message>
        <source>How much each frame counts in each tile.</source>
        <translation>Wie viel jedes Bild in jeder Kachel zählt.</translation>
    </message>
    <message>
        <source>best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. quality: the sharpest frames dominate. uniform: all alike.</source>
        <translation>best: meiste Information über Sterne. psf_snr: schärfer, etwas weniger. snr: schwaches ausgedehntes Licht. quality: die schärfsten Bilder überwiegen. uniform: alle gleich.</translation>
    </message>
    <message>
        <source>quality: soften the exponent until so much information is kept.</source>
        <translation>quality: den Exponenten mildern, bis so viel Information bleibt.</translation>
    </message>
    <message>
        <source>False: one weight a frame.</source>
        <translation>false: ein Gewicht je Bild.</translation>
    </message>
    <message>
        <source>Rejection and the mean.</source>
        <translation>Verwerfen und Mitteln.</translation>
    </message>
    <message>
        <source>How satellites, aircraft and cosmic rays are told from the sky.</source>
        <translation>Wie Satelliten, Flugzeuge und kosmische Strahlen vom Himmel unterschieden werden.</translation>
    </message>
    <message>
        <source>Low threshold in sigma (percentile: in per cent).</source>
        <translation>Untere Schwelle in Sigma (percentile: in Prozent).</translation>
    </message>
    <message>
        <source>High threshold in sigma (percentile: share in per cent).</source>
        <translation>Obere Schwelle in Sigma (percentile: Anteil in Prozent).</translation>
    </message>
    <message>
        <source>eta: share of the local contrast that is added to the noise.</source>
        <translation>eta: Anteil des örtlichen Kontrasts, der zum Rauschen kommt.</translation>
    </message>
    <message>
        <source>Rejected pixels grow by so many pixels.</source>
        <translation>Verworfene Pixel wachsen um so viele Pixel.</translation>
    </message>
    <message>
        <source>Rejection leaves at least so many frames at a pixel.</source>
        <translation>Das Verwerfen lässt an einem Pixel mindestens so viele Bilder.</translation>
    </message>
    <message>
        <source>Leave out trails of satellites and aircraft over all their width, faint ones too.</source>
        <translation>Spuren von Satelliten und Flugzeugen in voller Breite auslassen, auch schwache.</translation>
    </message>
    <message>
        <source>Frames left out by hand, in the tiles that a box touches or everywhere, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</source>
        <translation>Von Hand ausgelassene Bilder, in den Kacheln, die ein Rahmen berührt, oder überall, z. B. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</translation>
    </message>
    <message>
        <source>Frames judged against one another; more are taken in groups, each spread over the whole session, so that memory and cost a frame stay level.</source>
        <translation>Bilder, die gegeneinander beurteilt werden; mehr werden in Gruppen genommen, jede über die ganze Sitzung verteilt, damit Speicher und Aufwand je Bild gleich bleiben.</translation>
    </message>
    <message>
        <source>How the frames become one picture.</source>
        <translation>Wie aus den Bildern eines wird.</translation>
    </message>
    <message>
        <source>mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. drizzle: for dithered, undersampled frames; mosaics without demosaicing.</source>
        <translation>mean: gewichtetes Mittel mit Kachelgewichten. proper: Ko-Addition mit der PSF jedes Bildes und jeder Kachel. drizzle: für versetzte, unterabgetastete Bilder; Mosaike ohne Demosaicing.</translation>
    </message>
    <message>
        <source>proper: FWHM (px) that all stars get; auto is the sharpest that raises no noise.</source>
        <translation>proper: FWHM (px), die alle Sterne bekommen; auto ist die schärfste ohne mehr Rauschen.</translation>
    </message>
    <message>
        <source>drizzle: output pixels along a frame&apos;s pixel.</source>
        <translation>drizzle: Ausgabepixel entlang eines Bildpixels.</translation>
    </message>
    <message>
        <source>drizzle: side of the drop that a pixel shrinks to.</source>
        <translation>drizzle: Seite des Tropfens, auf den ein Pixel schrumpft.</translation>
    </message>
    <message>
        <source>drizzle: shape of the drop; square is exact.</source>
        <translation>drizzle: Form des Tropfens; square ist exakt.</translation>
    </message>
    <message>
        <source>State clusters and synthetic frames.</source>
        <translation>Zustandsgruppen und synthetische Bilder.</translation>
    </message>
    <message>
        <source>Group frames by the state of the sky and stack a synthetic frame of each group.</source>
        <translation>Bilder nach dem Zustand des Himmels gruppieren und je Gruppe ein synthetisches Bild stapeln.</translation>
    </message>
    <message>
        <source>Synthetic frames with one weight a frame, or one for each tile.</source>
        <translation>Synthetische Bilder mit einem Gewicht je Bild oder je Kachel.</translation>
    </message>
    <message>
        <source>What a synthetic frame counts: its information, or its quality.</source>
        <translation>Was ein synthetisches Bild zählt: seine Information oder seine Güte.</translation>
    </message>
    <message>
        <source>quality: steepness of the weight.</source>
        <translation>quality: Steilheit des Gewichts.</translation>
    </message>
    <message>
        <source>quality: largest weight, times the median one.</source>
        <translation>quality: größtes Gewicht als Vielfaches des mittleren.</translation>
    </message>
    <message>
        <source>Start of the random numbers; the same seed gives the same groups.</source>
        <translation>Anfang der Zufallszahlen; derselbe gibt dieselben Gruppen.</translation>
    </message>
    <message>
        <source>When and how the mosaic becomes colour.</source>
        <translation>Wann und wie das Mosaik zu Farbe wird.</translation>
    </message>
    <message>
        <source>How a stacked mosaic becomes colour; superpixel halves the size, siril uses Siril&apos;s RCD.</source>
        <translation>Wie ein gestapeltes Mosaik zu Farbe wird; superpixel halbiert die Größe, siril nimmt Sirils RCD.</translation>
    </message>
    <message>
        <source>Plate solving of the stack, and how far it is trusted.</source>
        <translation>Astrometrie des Summenbilds und wie weit ihr getraut wird.</translation>
    </message>
    <message>
        <source>Who solves; auto tries those that are installed, with their star catalogs.</source>
        <translation>Wer löst; auto versucht die installierten mit ihren Sternkatalogen.</translation>
    </message>
    <message>
        <source>Largest rms distance of stars to their catalog positions in pixels.</source>
        <translation>Größter rms-Abstand der Sterne zum Katalog in Pixeln.</translation>
    </message>
    <message>
        <source>Star catalog (Parquet, CSV, FITS) to verify the solution against.</source>
        <translation>Sternkatalog (Parquet, CSV, FITS), mit dem die Lösung geprüft wird.</translation>
    </message>
    <message>
        <source>Siril&apos;s local Gaia catalog; None: as set in Siril.</source>
        <translation>Sirils lokaler Gaia-Katalog; leer: wie in Siril eingestellt.</translation>
    </message>
    <message>
        <source>auto: a catalog with a WCS, else the stars&apos; mean colour; catalog: nothing else; siril_*: Siril&apos;s.</source>
        <translation>auto: ein Katalog mit WCS, sonst die mittlere Farbe der Sterne; catalog: nichts anderes; siril_*: Sirils eigene.</translation>
    </message>
    <message>
        <source>CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; None looks in ORCHESTRATE_STAR_CATALOG.</source>
        <translation>CSV, ECSV, FITS oder parquet mit ra, dec und Helligkeiten in zwei Bändern; leer: gesucht in ORCHESTRATE_STAR_CATALOG.</translation>
    </message>
    <message>
        <source>Without a catalog ask Gaia DR3, where astroquery is installed.</source>
        <translation>Ohne Katalog Gaia DR3 fragen, wenn astroquery installiert ist.</translation>
    </message>
    <message>
        <source>siril_pcc: its local Gaia file (gaia_astrometric.dat); None looks where Siril does.</source>
        <translation>siril_pcc: dessen lokale Gaia-Datei (gaia_astrometric.dat); leer: gesucht, wo Siril sucht.</translation>
    </message>
    <message>
        <source>Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); None looks where Siril does.</source>
        <translation>Ordner der Sternspektren (siril_cat1_healpix8_xpsamp_*.dat); leer: gesucht, wo Siril sucht.</translation>
    </message>
    <message>
        <source>Folder siril-spcc-database; None looks where Siril does.</source>
        <translation>Ordner siril-spcc-database; leer: gesucht, wo Siril sucht.</translation>
    </message>
    <message>
        <source>Colour or mono sensor; None: the camera of the header, if it is one.</source>
        <translation>Farb- oder Monosensor; leer: die Kamera des Headers, wenn sie einer ist.</translation>
    </message>
    <message>
        <source>Filter before a colour sensor.</source>
        <translation>Filter vor einem Farbsensor.</translation>
    </message>
    <message>
        <source>Low-pass filter of a DSLR.</source>
        <translation>Tiefpassfilter einer Spiegelreflexkamera.</translation>
    </message>
    <message>
        <source>Filters of a mono sensor: red, green, blue.</source>
        <translation>Filter eines Monosensors: Rot, Grün, Blau.</translation>
    </message>
    <message>
        <source>Wavelength and width (nm) of what is shown red, green and blue, instead of filters.</source>
        <translation>Wellenlänge und Breite (nm) dessen, was rot, grün und blau gezeigt wird, statt Filtern.</translation>
    </message>
    <message>
        <source>Right ascension of the field in degrees; None: header, object.</source>
        <translation>Rektaszension des Feldes in Grad; leer: Header, Objekt.</translation>
    </message>
    <message>
        <source>Facts of cameras and telescopes (YAML, as devices.yaml) for headers that do not tell them; None looks in the configuration folder.</source>
        <translation>Angaben zu Kameras und Teleskopen (YAML, wie devices.yaml), wo Header sie nicht nennen; nichts: aus dem Konfigurationsordner.</translation>
    </message>
    <message>
        <source>What stays on the sensor while the sky moves, taken from the lights: auto (without darks: warm pixels, columns and rows), pixels, lines, all (amplifier glow too), none.</source>
        <translation>Was auf dem Sensor bleibt, während der Himmel wandert, aus den Lights: auto (ohne Darks: warme Pixel, Spalten und Zeilen), pixels, lines, all (auch Verstärkerglühen), none.</translation>
    </message>
    <message>
        <source>Lights, spread over the session, from which the fixed pattern is taken.</source>
        <translation>Zahl der über die Sitzung verteilten Lights, aus denen das feste Muster gewonnen wird.</translation>
    </message>
    <message>
        <source>Model; auto starts with a similarity and refines while the stars ask for it; integer shifts by whole pixels (by two on a mosaic), so that none is interpolated.</source>
        <translation>Modell; auto beginnt mit einer Ähnlichkeit und verfeinert, solange die Sterne es verlangen; integer verschiebt um ganze Pixel (auf einem Mosaik um zwei), ohne Interpolation.</translation>
    </message>
    <message>
        <source>auto tells it from how the field turns; alt_az with much rotation grows the canvas.</source>
        <translation>auto erkennt es daran, wie das Feld sich dreht; alt_az mit starker Drehung vergrößert die Leinwand.</translation>
    </message>
    <message>
        <source>The same where the frames are panels of a mosaic.</source>
        <translation>Dasselbe, wo die Bilder Teile eines Mosaiks sind.</translation>
    </message>
    <message>
        <source>auto: the reference frame, or the union of a mosaic or of a field that turned by much.</source>
        <translation>auto: das Feld der Referenz, oder die Vereinigung bei einem Mosaik oder einem stark gedrehten Feld.</translation>
    </message>
    <message>
        <source>&quot;none&quot;, &quot;coverage 0.8&quot; (cut to where so large a share of the frames sees the sky), or &quot;auto&quot;: coverage 0.5 where the union was chosen by itself, 3 frames for a mosaic.</source>
        <translation>„none“, „coverage 0.8“ (beschnitten auf das, was dieser Anteil der Bilder sieht) oder „auto“: coverage 0.5, wo die Vereinigung von selbst gewählt wurde, 3 Bilder bei einem Mosaik.</translation>
    </message>
    <message>
        <source>Which lights are stacked; by default all, since weights do the work. Those left out are told with the reason.</source>
        <translation>Welche Lights gestapelt werden; ohne Angabe alle, denn die Gewichte tun die Arbeit. Weggelassene werden mit dem Grund genannt.</translation>
    </message>
    <message>
        <source>The best part of the lights by score (G of GLOBAL_METRICS).</source>
        <translation>Der beste Teil der Lights nach der Wertung (G von GLOBAL_METRICS).</translation>
    </message>
    <message>
        <source>Only lights of which it is true, e.g. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</source>
        <translation>Nur Lights, für die es gilt, z. B. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</translation>
    </message>
    <message>
        <source>A frame list: only these lights, one file name a line.</source>
        <translation>Eine Bilderliste: nur diese Lights, ein Dateiname je Zeile.</translation>
    </message>
    <message>
        <source>Most rounds of centre and clip of the iterative methods.</source>
        <translation>Höchste Zahl der Durchgänge von Mitteln und Verwerfen der iterativen Verfahren.</translation>
    </message>
    <message>
        <source>last: stack the mosaic, demosaic once. first: each frame. superpixel: each 2x2 cell is a pixel. none: stack the mosaic and leave it one.</source>
        <translation>last: das Mosaik stapeln, einmal debayern. first: jedes Bild. superpixel: jede 2x2-Zelle ist ein Pixel. none: das Mosaik stapeln und so lassen.</translation>
    </message>
    <message>
        <source>Declination of the field in degrees.</source>
        <translation>Deklination des Feldes in Grad.</translation>
    </message>
    <message>
        <source>Arcsec a pixel of the stack; None: focal length and pixel size.</source>
        <translation>Bogensekunden je Pixel des Summenbilds; leer: Brennweite und Pixelgröße.</translation>
    </message>
    <message>
        <source>Focal length in mm, where the header has none or a wrong one.</source>
        <translation>Brennweite in mm, wenn der Header keine oder eine falsche hat.</translation>
    </message>
    <message>
        <source>Size of a stack&apos;s pixel in micrometres, where the header has none.</source>
        <translation>Größe eines Pixels des Summenbilds in Mikrometern, wenn der Header keine hat.</translation>
    </message>
    <message>
        <source>First search radius about the expected position in degrees.</source>
        <translation>Erster Suchradius um die erwartete Stelle in Grad.</translation>
    </message>
    <message>
        <source>Widest search radius before the whole sky is searched.</source>
        <translation>Größter Suchradius, bevor der ganze Himmel durchsucht wird.</translation>
    </message>
    <message>
        <source>Search the whole sky when the expected position is wrong or unknown.</source>
        <translation>Den ganzen Himmel durchsuchen, wenn die erwartete Stelle falsch oder unbekannt ist.</translation>
    </message>
    <message>
        <source>Describe optical distortion by SIP polynomials.</source>
        <translation>Optische Verzeichnung durch SIP-Polynome beschreiben.</translation>
    </message>
    <message>
        <source>ASTAP: bin the image before detection; 0 lets ASTAP choose.</source>
        <translation>ASTAP: das Bild vor der Erkennung binnen; 0 lässt ASTAP wählen.</translation>
    </message>
    <message>
        <source>With fewer stars detected no solver is started.</source>
        <translation>Bei weniger erkannten Sternen wird kein Löser gestartet.</translation>
    </message>
    <message>
        <source>Seconds for one start of a solver.</source>
        <translation>Sekunden für einen Start eines Lösers.</translation>
    </message>
    <message>
        <source>Seconds after which no further search is begun.</source>
        <translation>Sekunden, nach denen keine Suche mehr begonnen wird.</translation>
    </message>
    <message>
        <source>Starts of a solver that crashes or does not end, before the next one.</source>
        <translation>Starts eines Lösers, der abstürzt oder nicht endet, vor dem nächsten.</translation>
    </message>
    <message>
        <source>Seconds before the second start; doubled before each further one.</source>
        <translation>Sekunden vor dem zweiten Start; vor jedem weiteren verdoppelt.</translation>
    </message>
    <message>
        <source>Most solvers of a kind at work on this machine.</source>
        <translation>Höchstzahl gleichartiger Löser bei der Arbeit auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Least seconds between two starts of a solver on this machine.</source>
        <translation>Mindestens so viele Sekunden zwischen zwei Starts eines Lösers auf diesem Rechner.</translation>
    </message>
    <message>
        <source>astap_cli; None looks in ASTAP_EXE and others, PATH, the usual folders.</source>
        <translation>astap_cli; leer: gesucht in ASTAP_EXE und anderen, PATH, den üblichen Ordnern.</translation>
    </message>
    <message>
        <source>Folder of ASTAP&apos;s star databases.</source>
        <translation>Ordner der Sterndatenbanken von ASTAP.</translation>
    </message>
    <message>
        <source>Database to use, such as d50; None: the deepest one that fits.</source>
        <translation>Zu verwendende Datenbank wie d50; leer: die tiefste passende.</translation>
    </message>
    <message>
        <source>astrometry.net&apos;s solve-field; None looks on PATH.</source>
        <translation>solve-field von astrometry.net; leer: gesucht in PATH.</translation>
    </message>
    <message>
        <source>Folder of astrometry.net&apos;s index files.</source>
        <translation>Ordner der Indexdateien von astrometry.net.</translation>
    </message>
    <message>
        <source>Background extraction: gradients are taken away, star fluxes and nebulae stay.</source>
        <translation>Hintergrundabzug: Gradienten gehen, Sternflüsse und Nebel bleiben.</translation>
    </message>
    <message>
        <source>Take the sky&apos;s gradient away.</source>
        <translation>Den Gradienten des Himmels abziehen.</translation>
    </message>
    <message>
        <source>auto: the autotune chooses among the four native ones; siril: its subsky; graxpert: its command line.</source>
        <translation>auto: die Abstimmung wählt unter den vier eigenen; siril: dessen subsky; graxpert: dessen Kommandozeile.</translation>
    </message>
    <message>
        <source>Order of the polynomial (siril too); the autotune starts here.</source>
        <translation>Ordnung des Polynoms (auch siril); die Abstimmung beginnt hier.</translation>
    </message>
    <message>
        <source>Robust loss of the fits (IRLS).</source>
        <translation>Robuste Verlustfunktion der Anpassung (IRLS).</translation>
    </message>
    <message>
        <source>Radial basis function.</source>
        <translation>Radiale Basisfunktion.</translation>
    </message>
    <message>
        <source>Lambda of spline and rbf (graxpert: 0 to 1).</source>
        <translation>Lambda von spline und rbf (graxpert: 0 bis 1).</translation>
    </message>
    <message>
        <source>mesh: reach of a node in cells.</source>
        <translation>mesh: Reichweite eines Knotens in Zellen.</translation>
    </message>
    <message>
        <source>Sky level of a tile: from this quantile of its free pixels.</source>
        <translation>Himmelswert einer Kachel: aus diesem Quantil ihrer freien Pixel.</translation>
    </message>
    <message>
        <source>Choose order or smoothing by predicting held-out samples.</source>
        <translation>Ordnung oder Glättung durch Vorhersage zurückgehaltener Proben wählen.</translation>
    </message>
    <message>
        <source>Candidates that the autotune tries at most.</source>
        <translation>So viele Kandidaten versucht die Abstimmung höchstens.</translation>
    </message>
    <message>
        <source>Autotune: weight of what the model leaves over.</source>
        <translation>Abstimmung: Gewicht dessen, was das Modell übrig lässt.</translation>
    </message>
    <message>
        <source>Autotune: weight of the model&apos;s roughness.</source>
        <translation>Abstimmung: Gewicht der Rauheit des Modells.</translation>
    </message>
    <message>
        <source>Scatter in mmag that star flux ratios may gain.</source>
        <translation>Streuung in mmag, um die Flussverhältnisse der Sterne zunehmen dürfen.</translation>
    </message>
    <message>
        <source>siril: radial basis functions instead of a polynomial.</source>
        <translation>siril: radiale Basisfunktionen statt eines Polynoms.</translation>
    </message>
    <message>
        <source>GraXpert&apos;s program; None looks in GRAXPERT, PATH and the usual folders.</source>
        <translation>GraXperts Programm; leer: gesucht in GRAXPERT, PATH und den üblichen Ordnern.</translation>
    </message>
    <message>
        <source>Seconds for an external program.</source>
        <translation>Sekunden für ein fremdes Programm.</translation>
    </message>
    <message>
        <source>Photometric colour calibration: gains of the channels from stars.</source>
        <translation>Photometrische Farbkalibrierung: Verstärkungen der Kanäle aus Sternen.</translation>
    </message>
    <message>
        <source>Calibrate the colours by stars.</source>
        <translation>Die Farben nach Sternen kalibrieren.</translation>
    </message>
    <message>
        <source>Columns with unusual names, e.g. {ra: RA_deg, B: blue, V: visual}.</source>
        <translation>Spalten mit ungewöhnlichen Namen, z. B. {ra: RA_deg, B: blue, V: visual}.</translation>
    </message>
    <message>
        <source>What shall be white: the spectral type of a star, or a galaxy.</source>
        <translation>Was weiß sein soll: der Spektraltyp eines Sterns oder eine Galaxie.</translation>
    </message>
    <message>
        <source>Local sky of a star.</source>
        <translation>Örtlicher Himmel eines Sterns.</translation>
    </message>
    <message>
        <source>Effective wavelengths (nm) of red, green and blue of the sensor, where known.</source>
        <translation>Wirksame Wellenlängen (nm) von Rot, Grün und Blau des Sensors, wo bekannt.</translation>
    </message>
    <message>
        <source>Fewer usable stars: the image stays as it is.</source>
        <translation>Weniger brauchbare Sterne: das Bild bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Largest residual of the stars in magnitudes.</source>
        <translation>Größter Rest der Sterne in Magnituden.</translation>
    </message>
    <message>
        <source>A gain beyond this, or below its inverse, is refused.</source>
        <translation>Eine Verstärkung darüber oder unter ihrem Kehrwert wird abgelehnt.</translation>
    </message>
    <message>
        <source>What shall be white, as Siril&apos;s spcc names it.</source>
        <translation>Was weiß sein soll, wie Sirils spcc es nennt.</translation>
    </message>
    <message>
        <source>Thresholds; a miss gives status validation_failed, products stay.</source>
        <translation>Schwellen; wird eine verfehlt, ist der Stand validation_failed, die Produkte bleiben.</translation>
    </message>
    <message>
        <source>FWHM over that of the plain mean.</source>
        <translation>FWHM gegenüber der des einfachen Mittels.</translation>
    </message>
    <message>
        <source>Noise on squares of 4 px over that of the plain mean.</source>
        <translation>Rauschen auf Quadraten von 4 px gegenüber dem einfachen Mittel.</translation>
    </message>
    <message>
        <source>Jump across tile borders in units of the noise.</source>
        <translation>Sprung an Kachelgrenzen in Einheiten des Rauschens.</translation>
    </message>
    <message>
        <source>Scatter of star fluxes against the plain mean (mag).</source>
        <translation>Streuung der Sternflüsse gegen das einfache Mittel (mag).</translation>
    </message>
    <message>
        <source>Change of star fluxes over the field against the plain mean (mag).</source>
        <translation>Änderung der Sternflüsse über das Feld gegen das einfache Mittel (mag).</translation>
    </message>
    <message>
        <source>Share of the information on point sources kept.</source>
        <translation>Behaltener Anteil der Information über Punktquellen.</translation>
    </message>
    <message>
        <source>Share of the information on extended sources kept.</source>
        <translation>Behaltener Anteil der Information über ausgedehnte Quellen.</translation>
    </message>
    <message>
        <source>Effective frames (sum w)^2 / sum w^2 of a tile, share of all.</source>
        <translation>Wirksame Bilder (Summe w)^2 / Summe w^2 einer Kachel, Anteil an allen.</translation>
    </message>
    <message>
        <source>Which files are written. What is said of previews never touches the linear products.</source>
        <translation>Welche Dateien geschrieben werden. Was die Vorschau betrifft, berührt nie die linearen Produkte.</translation>
    </message>
    <message>
        <source>How the stacks of several filters become one picture: auto (LRGB, RGB, SHO or HOO), none, HSO ..., or a linear combination for R, G and B.</source>
        <translation>Wie die Stapel mehrerer Filter ein Bild werden: auto (LRGB, RGB, SHO oder HOO), none, HSO ... oder eine Linearkombination für R, G und B.</translation>
    </message>
    <message>
        <source>Stretched pictures: preview.png and preview.tif.</source>
        <translation>Gestreckte Bilder: preview.png und preview.tif.</translation>
    </message>
    <message>
        <source>One curve for all channels; always so after a colour calibration.</source>
        <translation>Eine Kurve für alle Kanäle; nach einer Farbkalibrierung immer.</translation>
    </message>
    <message>
        <source>asinh keeps the colours of stars; two_stage: asinh, then one curve for sky and contrast.</source>
        <translation>asinh bewahrt die Farben der Sterne; two_stage: asinh, dann eine Kurve für Himmel und Kontrast.</translation>
    </message>
    <message>
        <source>background: the sky is made grey; bayer: also what is above it on the whole. For quick looks without a colour calibration.</source>
        <translation>background: der Himmel wird grau; bayer: auch, was im Ganzen darüber liegt. Für schnelle Blicke ohne Farbkalibrierung.</translation>
    </message>
    <message>
        <source>Colour matrix: mild or vivid colours, duo_band filters, or 3x3 with rows of sum 1.</source>
        <translation>Farbmatrix: milde (mild) oder kräftige (vivid) Farben, Filter duo_band, oder 3x3 mit Zeilen der Summe 1.</translation>
    </message>
    <message>
        <source>With a WCS, a picture with grid and objects too.</source>
        <translation>Mit WCS auch ein Bild mit Gitter und Objekten.</translation>
    </message>
    <message>
        <source>Green noise to take away: 0 none, 1 all.</source>
        <translation>Grünrauschen entfernen: 0 nichts, 1 alles.</translation>
    </message>
    <message>
        <source>Strength of the colours; 1 leaves them.</source>
        <translation>Stärke der Farben; 1 lässt sie.</translation>
    </message>
    <message>
        <source>variance.fits: the variance of each pixel.</source>
        <translation>variance.fits: die Varianz jedes Pixels.</translation>
    </message>
    <message>
        <source>coverage.fits: how many frames each pixel has.</source>
        <translation>coverage.fits: wie viele Bilder jedes Pixel hat.</translation>
    </message>
    <message>
        <source>With several nights, a stack of each night too, on the same canvas.</source>
        <translation>Bei mehreren Nächten auch ein Summenbild jeder Nacht, auf derselben Leinwand.</translation>
    </message>
    <message>
        <source>artifacts/report.html, report.json and report.md at the end of the run.</source>
        <translation>artifacts/report.html, report.json und report.md am Ende des Laufs.</translation>
    </message>
    <message>
        <source>Memory, cores, and what is kept for later.</source>
        <translation>Speicher, Kerne und was für später bleibt.</translation>
    </message>
    <message>
        <source>&quot;auto&quot; (half of what is free) or a size such as &quot;4 GiB&quot;.</source>
        <translation>„auto“ (die Hälfte des freien) oder eine Größe wie „4 GiB“.</translation>
    </message>
    <message>
        <source>0: all cores.</source>
        <translation>0: alle Kerne.</translation>
    </message>
    <message>
        <source>Where frames and blocks are worked on; the result is the same.</source>
        <translation>Wo Bilder und Blöcke bearbeitet werden; das Ergebnis ist dasselbe.</translation>
    </message>
    <message>
        <source>gpu: warp, mean and co-addition by CuPy; without a GPU the processor does it, and a warning says so.</source>
        <translation>gpu: Verformen, Mittel und Ko-Addition mit CuPy; ohne GPU tut es der Prozessor, und eine Warnung sagt es.</translation>
    </message>
    <message>
        <source>Address of a Dask scheduler (tcp://host:8786); None makes a local cluster.</source>
        <translation>Adresse eines Dask-Schedulers (tcp://host:8786); leer: ein lokaler Verbund.</translation>
    </message>
    <message>
        <source>Keep the scratch folder work/ of a finished run.</source>
        <translation>Den Arbeitsordner work/ eines fertigen Laufs behalten.</translation>
    </message>
    <message>
        <source>Keep measurements, transforms and masters beside the runs, for later runs of the session.</source>
        <translation>Messungen, Transformationen und Master neben den Läufen für spätere Läufe der Sitzung behalten.</translation>
    </message>
    <message>
        <source>Make everything in the cache anew.</source>
        <translation>Alles im Zwischenspeicher neu machen.</translation>
    </message>
    <message>
        <source>Largest size of the cache; what was used longest ago goes first.</source>
        <translation>Größte Größe des Zwischenspeichers; am längsten Unbenutztes geht zuerst.</translation>
    </message>
    <message>
        <source>Keep the arrays of the stack, so that `resume --from-phase STACKING` need not reconstruct it.</source>
        <translation>Die Arrays des Summenbilds behalten, damit `resume --from-phase STACKING` es nicht neu aufbauen muss.</translation>
    </message>
    <message>
        <source>Filter of each channel, such as {R: Red, G: Green, B: Blue, L: Lum}; empty: all filters, by their usual letters.</source>
        <translation>Filter jedes Kanals, etwa {R: Red, G: Green, B: Blue, L: Lum}; leer: alle Filter, unter ihren üblichen Buchstaben.</translation>
    </message>
    <message>
        <source>How channels become colours: RGB, LRGB, SHO, HOO ..., or a linear combination for R, G and B.</source>
        <translation>Wie aus Kanälen Farben werden: RGB, LRGB, SHO, HOO ... oder eine Linearkombination für R, G und B.</translation>
    </message>
    <message>
        <source>Name of the picture of all nights.</source>
        <translation>Name des Bildes aller Nächte.</translation>
    </message>
    <message>
        <source>Name of the picture of one night.</source>
        <translation>Name des Bildes einer Nacht.</translation>
    </message>
    <message>
        <source>Name of the picture of one filter.</source>
        <translation>Name des Bildes eines Filters.</translation>
    </message>
    <message>
        <source>bottomup: the file&apos;s first row is the lowest, as Siril&apos;s mirrorx -bottomup leaves it.</source>
        <translation>bottomup: die erste Zeile der Datei ist die unterste, wie Sirils mirrorx -bottomup sie lässt.</translation>
    </message>
    <message>
        <source>Of broadband channels, a picture with calibrated colours too.</source>
        <translation>Aus Breitbandkanälen auch ein Bild mit kalibrierten Farben.</translation>
    </message>
    <message>
        <source>Faint extended light: weights by signal to noise alone, whatever the seeing.</source>
        <translation>Schwaches ausgedehntes Licht: Gewichte nur nach Signal zu Rauschen, gleich welches Seeing.</translation>
    </message>
    <message>
        <source>Most information on stars: inverse variance and local seeing decide.</source>
        <translation>Meiste Information über Sterne: inverse Varianz und örtliches Seeing entscheiden.</translation>
    </message>
    <message>
        <source>The Tile-Compile methodology: quality weights, clusters of states, synthetic frames.</source>
        <translation>Die Tile-Compile-Methodik: Gütegewichte, Zustandsgruppen, synthetische Bilder.</translation>
    </message>
    <message>
        <source>A fast look: half-size colours, no local weights.</source>
        <translation>Ein schneller Blick: Farben halber Größe, keine örtlichen Gewichte.</translation>
    </message>
    <message>
        <source>Sharpest frames dominate, for bright targets with many frames.</source>
        <translation>Die schärfsten Bilder überwiegen, für helle Ziele mit vielen Bildern.</translation>
    </message>
</context>
</TS>
