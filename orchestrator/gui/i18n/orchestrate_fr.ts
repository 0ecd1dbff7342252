<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>FrameModel</name>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Score (%)</source>
        <translation>Note (%)</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>Étoiles</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>Rondeur</translation>
    </message>
    <message>
        <source>Sky (ADU)</source>
        <translation>Ciel (ADU)</translation>
    </message>
    <message>
        <source>Noise (ADU)</source>
        <translation>Bruit (ADU)</translation>
    </message>
    <message>
        <source>Exposure (s)</source>
        <translation>Pose (s)</translation>
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
        <translation>Filtre</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Heure (UTC)</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Remarque</translation>
    </message>
    <message>
        <source>light</source>
        <translation>light</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dark</translation>
    </message>
    <message>
        <source>flat</source>
        <translation>flat</translation>
    </message>
    <message>
        <source>bias</source>
        <translation>bias</translation>
    </message>
    <message>
        <source>dark-flat</source>
        <translation>dark-flat</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>non utilisé</translation>
    </message>
</context>
<context>
    <name>Job</name>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Le programme {0} n’a pas pu être lancé.</translation>
    </message>
    <message>
        <source>Install it anew.</source>
        <translation>Réinstallez-le.</translation>
    </message>
    <message>
        <source>The process ended without an answer. Its last words: {0}</source>
        <translation>Le processus s’est terminé sans réponse. Ses derniers mots : {0}</translation>
    </message>
    <message>
        <source>What was finished is kept; resume the run.</source>
        <translation>Ce qui est terminé est conservé ; reprenez le calcul.</translation>
    </message>
</context>
<context>
    <name>NightsTab</name>
    <message>
        <source>FWHM {0} px, {1} stars</source>
        <translation>FWHM {0} px, {1} étoiles</translation>
    </message>
    <message>
        <source>Ni&amp;ght:</source>
        <translation>N&amp;uit :</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>T&amp;ype :</translation>
    </message>
    <message>
        <source>Look &amp;again</source>
        <translation>Exam&amp;iner à nouveau</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Arrê&amp;ter</translation>
    </message>
    <message>
        <source>&amp;Blink</source>
        <translation>C&amp;lignoter</translation>
    </message>
    <message>
        <source>One after the other: the selected frames, or all (Ctrl+B)</source>
        <translation>L’une après l’autre : les images choisies, ou toutes (Ctrl+B)</translation>
    </message>
    <message>
        <source>Sp&amp;eed:</source>
        <translation>&amp;Vitesse :</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Frames of the night</source>
        <translation>Images de la nuit</translation>
    </message>
    <message>
        <source>Picture of the frame</source>
        <translation>Aperçu de l’image</translation>
    </message>
    <message>
        <source>Measuring frames</source>
        <translation>Mesure des images</translation>
    </message>
    <message>
        <source>all</source>
        <translation>tous</translation>
    </message>
</context>
<context>
    <name>ProcessingTab</name>
    <message numerus="yes">
        <source>%n setting(s) wrong: {0}. The last right value stays until then.</source>
        <translation>
            <numerusform>%n réglage incorrect : {0}. La dernière valeur correcte reste en vigueur.</numerusform>
            <numerusform>%n réglages incorrects : {0}. Les dernières valeurs correctes restent en vigueur.</numerusform>
        </translation>
    </message>
    <message>
        <source>Search all settings and their help</source>
        <translation>Chercher dans tous les réglages et leur aide</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Chercher un réglage</translation>
    </message>
    <message>
        <source>&amp;Changed only</source>
        <translation>&amp;Modifiés seulement</translation>
    </message>
    <message>
        <source>Pre&amp;set:</source>
        <translation>Préré&amp;glage :</translation>
    </message>
    <message>
        <source>App&amp;ly</source>
        <translation>Appli&amp;quer</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Sections</translation>
    </message>
</context>
<context>
    <name>ProjectTab</name>
    <message>
        <source>error</source>
        <translation>erreur</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>avertissement</translation>
    </message>
    <message>
        <source>note</source>
        <translation>remarque</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>A folder with lights, darks, flats and biases</source>
        <translation>Un dossier avec lights, darks, flats et bias</translation>
    </message>
    <message>
        <source>Where runs are kept</source>
        <translation>Où vont les calculs</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>pas encore enregistré</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>No&amp;m :</translation>
    </message>
    <message>
        <source>File:</source>
        <translation>Fichier :</translation>
    </message>
    <message>
        <source>R&amp;uns go to:</source>
        <translation>Ca&amp;lculs dans :</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>Ch&amp;oisir …</translation>
    </message>
    <message>
        <source>Ne&amp;w</source>
        <translation>Nou&amp;veau</translation>
    </message>
    <message>
        <source>Op&amp;en …</source>
        <translation>Ouvr&amp;ir …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>Enre&amp;gistrer</translation>
    </message>
    <message>
        <source>&amp;Add folder …</source>
        <translation>A&amp;jouter un dossier …</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>Retir&amp;er</translation>
    </message>
    <message>
        <source>N&amp;ights:</source>
        <translation>Nuit&amp;s :</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Nuit</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Fo&amp;und wrong, or worth knowing:</source>
        <translation>Erreurs et remar&amp;ques :</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>Drag folders of raw frames into the window, or add them. Nothing is ever written there.</source>
        <translation>Glissez des dossiers d’images brutes dans la fenêtre, ou ajoutez-les. Rien n’y est jamais écrit.</translation>
    </message>
</context>
<context>
    <name>ResultsTab</name>
    <message>
        <source>finished</source>
        <translation>terminé</translation>
    </message>
    <message>
        <source>finished, threshold missed</source>
        <translation>terminé, seuil manqué</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>interrompu</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>unfinished</source>
        <translation>inachevé</translation>
    </message>
    <message>
        <source>finished, a filter is missing</source>
        <translation>terminé, il manque un filtre</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>the plain mean</source>
        <translation>la moyenne simple</translation>
    </message>
    <message>
        <source>the frame {0}</source>
        <translation>l’image {0}</translation>
    </message>
    <message>
        <source>{0} cannot be shown.</source>
        <translation>{0} ne peut pas être affiché.</translation>
    </message>
    <message>
        <source>Making the picture …</source>
        <translation>Préparation de l’image …</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Calcul</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Calculs</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>What the run found</source>
        <translation>Ce que le calcul a trouvé</translation>
    </message>
    <message>
        <source>P&amp;icture:</source>
        <translation>&amp;Image :</translation>
    </message>
    <message>
        <source>&amp;Compared with:</source>
        <translation>&amp;Comparée à :</translation>
    </message>
    <message>
        <source>&amp;Divider:</source>
        <translation>&amp;Séparateur :</translation>
    </message>
    <message>
        <source>Divider between before and after</source>
        <translation>Séparateur entre avant et après</translation>
    </message>
    <message>
        <source>Picture of the result</source>
        <translation>Image du résultat</translation>
    </message>
    <message>
        <source>Wheel or + and -: zoom; drag: move; F: fit; 1: one to one</source>
        <translation>Molette ou + et - : zoom ; glisser : déplacer ; F : ajuster ; 1 : taille réelle</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>A&amp;juster</translation>
    </message>
    <message>
        <source>&amp;1:1</source>
        <translation>&amp;1:1</translation>
    </message>
    <message>
        <source>Open r&amp;eport</source>
        <translation>Ouvrir le rapp&amp;ort</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>Ouvrir le dossi&amp;er</translation>
    </message>
    <message>
        <source>Read &amp;again</source>
        <translation>Re&amp;lire</translation>
    </message>
    <message>
        <source>Res&amp;ume this run</source>
        <translation>Reprendre ce calc&amp;ul</translation>
    </message>
</context>
<context>
    <name>RunTab</name>
    <message>
        <source>A folder for the scripts</source>
        <translation>Un dossier pour les scripts</translation>
    </message>
    <message>
        <source>Scripts written: {0}</source>
        <translation>Scripts écrits : {0}</translation>
    </message>
    <message>
        <source>Run {0}</source>
        <translation>Calcul {0}</translation>
    </message>
    <message>
        <source>Filter {0} ({1} of {2})</source>
        <translation>Filtre {0} ({1} sur {2})</translation>
    </message>
    <message>
        <source>running …</source>
        <translation>en cours …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>omis</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>conservé</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>interrompu</translation>
    </message>
    <message>
        <source>Finished.</source>
        <translation>Terminé.</translation>
    </message>
    <message>
        <source>Aborted. What is finished is kept; Resume goes on from there.</source>
        <translation>Interrompu. Ce qui est terminé est conservé ; Reprendre continue à partir de là.</translation>
    </message>
    <message>
        <source>Finished, but a validation threshold was missed: see the report.</source>
        <translation>Terminé, mais un seuil de validation a été manqué : voir le rapport.</translation>
    </message>
    <message>
        <source>Failed:</source>
        <translation>Échec :</translation>
    </message>
    <message>
        <source>Finished, but a filter is missing:</source>
        <translation>Terminé, mais il manque un filtre :</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each is stacked on the same pixels, and they are combined as {1}.</source>
        <translation>Brutes par filtre : {0}. Chacun est empilé sur les mêmes pixels, et ils sont combinés en {1}.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each is stacked; they are not combined.</source>
        <translation>Brutes par filtre : {0}. Chacun est empilé ; ils ne sont pas combinés.</translation>
    </message>
    <message>
        <source>{0} is not stacked: {1}</source>
        <translation>{0} n’est pas empilé : {1}</translation>
    </message>
    <message>
        <source>End at once</source>
        <translation>Arrêter net</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) wrong. Show</source>
        <translation>
            <numerusform>%n réglage incorrect. Montrer</numerusform>
            <numerusform>%n réglages incorrects. Montrer</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Arrêt en cours …</translation>
    </message>
    <message>
        <source>Running …</source>
        <translation>En cours …</translation>
    </message>
    <message>
        <source>Add a folder with frames in the tab Project.</source>
        <translation>Ajoutez un dossier d’images dans l’onglet Projet.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked into {0}</source>
        <translation>
            <numerusform>%n nuit sera empilée dans {0}</numerusform>
            <numerusform>%n nuits seront empilées dans {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Démarrer</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Reprendre</translation>
    </message>
    <message>
        <source>Write Siril s&amp;cripts …</source>
        <translation>Écrire des s&amp;cripts Siril …</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>No&amp;m :</translation>
    </message>
    <message>
        <source>of the run; made from time and session by default</source>
        <translation>du calcul ; formé de l’heure et de la session par défaut</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Secondes</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>Phases</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>&amp;Warnings only</source>
        <translation>A&amp;vertissements seulement</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Avancement du calcul</translation>
    </message>
    <message>
        <source>Progress of the phase</source>
        <translation>Avancement de la phase</translation>
    </message>
</context>
<context>
    <name>SettingField</name>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Default: {0}</source>
        <translation>Défaut : {0}</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Défaut</translation>
    </message>
    <message>
        <source>Default of {0}</source>
        <translation>Valeur par défaut de {0}</translation>
    </message>
    <message>
        <source>Go back to {0}</source>
        <translation>Revenir à {0}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activé</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>non défini</translation>
    </message>
    <message>
        <source>Choose a file for {0}</source>
        <translation>Choisir un fichier pour {0}</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Open a project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Projects (*.yaml *.yml *.json)</source>
        <translation>Projets (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Enregistrer le projet</translation>
    </message>
    <message>
        <source>Projects (*.yaml)</source>
        <translation>Projets (*.yaml)</translation>
    </message>
    <message numerus="yes">
        <source>Saved. %n wrong setting(s) kept their last right value.</source>
        <translation>
            <numerusform>Enregistré. %n réglage incorrect a gardé sa dernière valeur correcte.</numerusform>
            <numerusform>Enregistré. %n réglages incorrects ont gardé leur dernière valeur correcte.</numerusform>
        </translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Enregistré.</translation>
    </message>
    <message>
        <source>Not possible</source>
        <translation>Impossible</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Modifications non enregistrées</translation>
    </message>
    <message>
        <source>Save the changes to {0}?</source>
        <translation>Enregistrer les modifications de {0} ?</translation>
    </message>
    <message>
        <source>the project</source>
        <translation>le projet</translation>
    </message>
    <message>
        <source>A run is under way</source>
        <translation>Un calcul est en cours</translation>
    </message>
    <message>
        <source>Abort the run? What is finished is kept, and it can be resumed.</source>
        <translation>Interrompre le calcul ? Ce qui est terminé est conservé, et il peut être repris.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) added.</source>
        <translation>
            <numerusform>%n nuit ajoutée.</numerusform>
            <numerusform>%n nuits ajoutées.</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>The run has ended: {0}</source>
        <translation>Le calcul est terminé : {0}</translation>
    </message>
    <message>
        <source>About orchestrate</source>
        <translation>À propos d’orchestrate</translation>
    </message>
    <message>
        <source>orchestrate {0}

Stacks raw astronomical frames with local quality weights.</source>
        <translation>orchestrate {0}

Empile des images astronomiques brutes avec des poids de qualité locale.</translation>
    </message>
    <message>
        <source> – running</source>
        <translation> – en cours</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Fichier</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Calcul</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Affichage</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>Ai&amp;de</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>Projets &amp;récents</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>&amp;Apparence</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Langue</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Nouveau</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>&amp;Ouvrir …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>Enre&amp;gistrer</translation>
    </message>
    <message>
        <source>Save &amp;as …</source>
        <translation>Enregistrer &amp;sous …</translation>
    </message>
    <message>
        <source>Add &amp;folder …</source>
        <translation>Ajouter un &amp;dossier …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Quitter</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Démarrer</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message>
        <source>Write Siril s&amp;cripts …</source>
        <translation>Écrire des s&amp;cripts Siril …</translation>
    </message>
    <message>
        <source>&amp;Find a setting</source>
        <translation>C&amp;hercher un réglage</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>À &amp;propos</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>Comme le &amp;système</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Clair</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Sombre</translation>
    </message>
    <message>
        <source>&amp;Project</source>
        <translation>&amp;Projet</translation>
    </message>
    <message>
        <source>&amp;Nights</source>
        <translation>&amp;Nuits</translation>
    </message>
    <message>
        <source>Pr&amp;ocessing</source>
        <translation>&amp;Traitement</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>Calc&amp;ul</translation>
    </message>
    <message>
        <source>Resul&amp;ts</source>
        <translation>&amp;Résultats</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Where the frames are, and how many are enough.</source>
        <translation>Où sont les images, et combien il en faut.</translation>
    </message>
    <message>
        <source>Use the lights of this filter only (name as in the header or file name).</source>
        <translation>Utiliser seulement les lights de ce filtre (nom de l’en-tête ou du fichier).</translation>
    </message>
    <message>
        <source>Use the lights of this object only.</source>
        <translation>Utiliser seulement les lights de cet objet.</translation>
    </message>
    <message>
        <source>CFA pattern as the header would name it; auto reads BAYERPAT and ROWORDER.</source>
        <translation>Matrice de Bayer telle que l’en-tête la nommerait ; auto lit BAYERPAT et ROWORDER.</translation>
    </message>
    <message>
        <source>Fewer usable lights end the run.</source>
        <translation>Moins de lights utilisables arrêtent le calcul.</translation>
    </message>
    <message>
        <source>Fewer lights: reduced mode, no clusters.</source>
        <translation>Moins de lights : mode réduit, sans groupes.</translation>
    </message>
    <message>
        <source>Go on below frames_min with whatever there is.</source>
        <translation>Continuer sous frames_min avec ce qu’il y a.</translation>
    </message>
    <message>
        <source>Free disk needed, times the expected size of the run.</source>
        <translation>Espace disque libre requis, en multiples de la taille attendue du calcul.</translation>
    </message>
    <message>
        <source>Largest difference between darks and lights in deg C.</source>
        <translation>Plus grand écart entre darks et lights en °C.</translation>
    </message>
    <message>
        <source>Largest difference between flats and lights in the rotator&apos;s angle.</source>
        <translation>Plus grand écart d’angle du rotateur entre flats et lights.</translation>
    </message>
    <message>
        <source>Nights that are calibrated each with its own masters and stacked together (projects set this).</source>
        <translation>Nuits calibrées chacune avec ses propres masters et empilées ensemble (fixé par les projets).</translation>
    </message>
    <message>
        <source>A night without fitting calibration frames of a kind takes those of another night.</source>
        <translation>Une nuit sans images de calibration convenables d’un type prend celles d’une autre nuit.</translation>
    </message>
    <message>
        <source>Who calibrates and registers.</source>
        <translation>Qui calibre et aligne.</translation>
    </message>
    <message>
        <source>auto takes Siril 1.4 or newer when it is found, else the native engine.</source>
        <translation>auto prend Siril 1.4 ou plus récent s’il est trouvé, sinon le moteur interne.</translation>
    </message>
    <message>
        <source>siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.</source>
        <translation>siril-cli ; vide : cherché dans SIRIL_CLI, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>transforms: Siril calibrates and registers, frames are warped while they are read. frames: Siril exports registered frames.</source>
        <translation>transforms : Siril calibre et aligne, les images sont déformées à la lecture. frames : Siril exporte les images alignées.</translation>
    </message>
    <message>
        <source>Folder with templates of your own for Siril&apos;s scripts; each stands for ours of the same name.</source>
        <translation>Dossier de modèles personnels pour les scripts de Siril ; chacun remplace le nôtre du même nom.</translation>
    </message>
    <message>
        <source>Seconds for one script.</source>
        <translation>Secondes pour un script.</translation>
    </message>
    <message>
        <source>When Siril fails, go on with the native engine.</source>
        <translation>Si Siril échoue, continuer avec le moteur interne.</translation>
    </message>
    <message>
        <source>Masters and cosmetic correction.</source>
        <translation>Masters et correction cosmétique.</translation>
    </message>
    <message>
        <source>Master bias file, or a folder of bias frames.</source>
        <translation>Fichier master bias, ou un dossier de bias.</translation>
    </message>
    <message>
        <source>Master dark file, or a folder of darks.</source>
        <translation>Fichier master dark, ou un dossier de darks.</translation>
    </message>
    <message>
        <source>Master flat file, or a folder of flats.</source>
        <translation>Fichier master flat, ou un dossier de flats.</translation>
    </message>
    <message>
        <source>Master dark-flat file, or a folder of dark-flats.</source>
        <translation>Fichier master dark-flat, ou un dossier de dark-flats.</translation>
    </message>
    <message>
        <source>Folder of masters for all sessions; None looks in ORCHESTRATE_MASTERS.</source>
        <translation>Dossier de masters pour toutes les sessions ; vide : cherché dans ORCHESTRATE_MASTERS.</translation>
    </message>
    <message>
        <source>Put the masters that a run makes into the library.</source>
        <translation>Mettre les masters d’un calcul dans la bibliothèque.</translation>
    </message>
    <message>
        <source>Constant bias level in ADU, for want of bias frames.</source>
        <translation>Niveau de bias constant en ADU, faute d’images de bias.</translation>
    </message>
    <message>
        <source>Scale the dark to least noise (needs a bias).</source>
        <translation>Ajuster le dark au bruit minimal (demande un bias).</translation>
    </message>
    <message>
        <source>Normalise the flat so that it does not change the colours.</source>
        <translation>Normaliser le flat pour qu’il ne change pas les couleurs.</translation>
    </message>
    <message>
        <source>Replace bad pixels by the median of their neighbours of the same colour.</source>
        <translation>Remplacer les mauvais pixels par la médiane de leurs voisins de même couleur.</translation>
    </message>
    <message>
        <source>Threshold of hot pixels in the master dark, in sigma of one light.</source>
        <translation>Seuil des pixels chauds dans le master dark, en sigma d’une image brute.</translation>
    </message>
    <message>
        <source>Threshold of cold pixels in the master dark, in sigma of one light.</source>
        <translation>Seuil des pixels froids dans le master dark, en sigma d’une image brute.</translation>
    </message>
    <message>
        <source>Clipping of frames when masters are made (winsorized sigma).</source>
        <translation>Seuil de rejet à la fabrication des masters (sigma winsorisé).</translation>
    </message>
    <message>
        <source>Alignment to the reference frame.</source>
        <translation>Alignement sur l’image de référence.</translation>
    </message>
    <message>
        <source>auto, or the file name of the reference light.</source>
        <translation>auto, ou le nom de fichier du light de référence.</translation>
    </message>
    <message>
        <source>Take the transforms of another run (its artifacts/registration.json).</source>
        <translation>Prendre les transformations d’un autre calcul (son artifacts/registration.json).</translation>
    </message>
    <message>
        <source>Lay the stack onto the pixels of another run&apos;s (its artifacts/geometry.json).</source>
        <translation>Poser l’empilement sur les pixels d’un autre calcul (son artifacts/geometry.json).</translation>
    </message>
    <message>
        <source>Stars that must agree with a transform (or a third of those matched).</source>
        <translation>Étoiles qui doivent s’accorder à une transformation (ou un tiers des appariées).</translation>
    </message>
    <message>
        <source>Largest rms residual of the stars in pixels.</source>
        <translation>Plus grand résidu rms des étoiles en pixels.</translation>
    </message>
    <message>
        <source>Largest scale difference to the reference.</source>
        <translation>Plus grand écart d’échelle avec la référence.</translation>
    </message>
    <message>
        <source>Star detection threshold above the noise.</source>
        <translation>Seuil de détection des étoiles au-dessus du bruit.</translation>
    </message>
    <message>
        <source>Brightest stars used.</source>
        <translation>Nombre d’étoiles brillantes utilisées.</translation>
    </message>
    <message>
        <source>Largest canvas area, times that of a frame.</source>
        <translation>Plus grande surface du canevas, en multiples d’une image.</translation>
    </message>
    <message>
        <source>How pixels between pixels are read when frames are warped.</source>
        <translation>Comment lire entre les pixels quand les images sont déformées.</translation>
    </message>
    <message>
        <source>The common pixel grid.</source>
        <translation>La grille de pixels commune.</translation>
    </message>
    <message>
        <source>Frame borders fade in over so many pixels.</source>
        <translation>Les bords des images s’estompent sur autant de pixels.</translation>
    </message>
    <message>
        <source>Transparency and sky of each frame.</source>
        <translation>Transparence et ciel de chaque image.</translation>
    </message>
    <message>
        <source>photometric: by the stars&apos; fluxes. background: the sky&apos;s level only.</source>
        <translation>photometric : par le flux des étoiles. background : niveau du ciel seulement.</translation>
    </message>
    <message>
        <source>Fewer matched stars: transparency from exposure time only.</source>
        <translation>Moins d’étoiles appariées : transparence d’après le temps de pose seul.</translation>
    </message>
    <message>
        <source>Order of the polynomial background surface.</source>
        <translation>Ordre du polynôme du fond de ciel.</translation>
    </message>
    <message>
        <source>Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</source>
        <translation>Grille de tuiles : T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</translation>
    </message>
    <message>
        <source>Tile size in FWHM.</source>
        <translation>Taille d’une tuile en FWHM.</translation>
    </message>
    <message>
        <source>Smallest tile in px.</source>
        <translation>Plus petite tuile en px.</translation>
    </message>
    <message>
        <source>A tile is at most the frame&apos;s shorter side divided by this.</source>
        <translation>Une tuile est au plus le petit côté de l’image divisé par ceci.</translation>
    </message>
    <message>
        <source>Share of a tile that overlaps the next.</source>
        <translation>Part d’une tuile qui recouvre la suivante.</translation>
    </message>
    <message>
        <source>Global and local quality.</source>
        <translation>Qualité globale et locale.</translation>
    </message>
    <message>
        <source>Weight of a low background; alpha + beta + gamma = 1.</source>
        <translation>Poids d’un fond de ciel bas ; alpha + beta + gamma = 1.</translation>
    </message>
    <message>
        <source>Weight of low noise.</source>
        <translation>Poids d’un bruit faible.</translation>
    </message>
    <message>
        <source>Weight of sharp gradients.</source>
        <translation>Poids des gradients nets.</translation>
    </message>
    <message>
        <source>Weights proportional to the variance of each score.</source>
        <translation>Poids proportionnels à la variance de chaque note.</translation>
    </message>
    <message>
        <source>G = exp(exponent * clip(Q, -3, 3)).</source>
        <translation>G = exp(exponent * clip(Q, -3, 3)).</translation>
    </message>
    <message>
        <source>Stars that make a tile a star tile.</source>
        <translation>Étoiles qui font d’une tuile une tuile d’étoiles.</translation>
    </message>
    <message>
        <source>How much each frame counts in each tile.</source>
        <translation>Combien chaque image compte dans chaque tuile.</translation>
    </message>
    <message>
        <source>best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. quality: the sharpest frames dominate. uniform: all alike.</source>
        <translation>best : le plus d’information sur les étoiles. psf_snr : plus net, un peu moins. snr : lumière étendue faible. quality : les images les plus nettes dominent. uniform : toutes pareilles.</translation>
    </message>
    <message>
        <source>quality: soften the exponent until so much information is kept.</source>
        <translation>quality : adoucir l’exposant jusqu’à garder autant d’information.</translation>
    </message>
    <message>
        <source>False: one weight a frame.</source>
        <translation>false : un poids par image.</translation>
    </message>
    <message>
        <source>Rejection and the mean.</source>
        <translation>Le rejet et la moyenne.</translation>
    </message>
    <message>
        <source>How satellites, aircraft and cosmic rays are told from the sky.</source>
        <translation>Comment satellites, avions et rayons cosmiques sont distingués du ciel.</translation>
    </message>
    <message>
        <source>Low threshold in sigma (percentile: in per cent).</source>
        <translation>Seuil bas en sigma (percentile : en pour cent).</translation>
    </message>
    <message>
        <source>High threshold in sigma (percentile: share in per cent).</source>
        <translation>Seuil haut en sigma (percentile : part en pour cent).</translation>
    </message>
    <message>
        <source>eta: share of the local contrast that is added to the noise.</source>
        <translation>eta : part du contraste local ajoutée au bruit.</translation>
    </message>
    <message>
        <source>Rejected pixels grow by so many pixels.</source>
        <translation>Les pixels rejetés s’étendent d’autant de pixels.</translation>
    </message>
    <message>
        <source>Rejection leaves at least so many frames at a pixel.</source>
        <translation>Le rejet laisse au moins autant d’images par pixel.</translation>
    </message>
    <message>
        <source>Leave out trails of satellites and aircraft over all their width, faint ones too.</source>
        <translation>Omettre les traînées de satellites et d’avions sur toute leur largeur, même faibles.</translation>
    </message>
    <message>
        <source>Frames left out by hand, in the tiles that a box touches or everywhere, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</source>
        <translation>Images omises à la main, dans les tuiles qu’un cadre touche ou partout, p. ex. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</translation>
    </message>
    <message>
        <source>Frames judged against one another; more are taken in groups, each spread over the whole session, so that memory and cost a frame stay level.</source>
        <translation>Images jugées entre elles ; au-delà, par groupes répartis sur toute la session, pour que mémoire et coût par image restent constants.</translation>
    </message>
    <message>
        <source>How the frames become one picture.</source>
        <translation>Comment les images en deviennent une seule.</translation>
    </message>
    <message>
        <source>mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. drizzle: for dithered, undersampled frames; mosaics without demosaicing.</source>
        <translation>mean : moyenne pondérée par tuile. proper : co-addition avec la PSF de chaque image et tuile. drizzle : pour images décalées et sous-échantillonnées ; matrices sans dématriçage.</translation>
    </message>
    <message>
        <source>proper: FWHM (px) that all stars get; auto is the sharpest that raises no noise.</source>
        <translation>proper : FWHM (px) de toutes les étoiles ; auto est la plus nette sans hausse du bruit.</translation>
    </message>
    <message>
        <source>drizzle: output pixels along a frame&apos;s pixel.</source>
        <translation>drizzle : pixels de sortie le long d’un pixel d’image.</translation>
    </message>
    <message>
        <source>drizzle: side of the drop that a pixel shrinks to.</source>
        <translation>drizzle : côté de la goutte à laquelle un pixel est réduit.</translation>
    </message>
    <message>
        <source>drizzle: shape of the drop; square is exact.</source>
        <translation>drizzle : forme de la goutte ; square est exact.</translation>
    </message>
    <message>
        <source>State clusters and synthetic frames.</source>
        <translation>Groupes d’états et images synthétiques.</translation>
    </message>
    <message>
        <source>Group frames by the state of the sky and stack a synthetic frame of each group.</source>
        <translation>Grouper les images par état du ciel et empiler une image synthétique par groupe.</translation>
    </message>
    <message>
        <source>Synthetic frames with one weight a frame, or one for each tile.</source>
        <translation>Images synthétiques avec un poids par image, ou un par tuile.</translation>
    </message>
    <message>
        <source>What a synthetic frame counts: its information, or its quality.</source>
        <translation>Ce que compte une image synthétique : son information ou sa qualité.</translation>
    </message>
    <message>
        <source>quality: steepness of the weight.</source>
        <translation>quality : raideur du poids.</translation>
    </message>
    <message>
        <source>quality: largest weight, times the median one.</source>
        <translation>quality : plus grand poids, en multiples du médian.</translation>
    </message>
    <message>
        <source>Start of the random numbers; the same seed gives the same groups.</source>
        <translation>Graine des nombres aléatoires ; la même donne les mêmes groupes.</translation>
    </message>
    <message>
        <source>When and how the mosaic becomes colour.</source>
        <translation>Quand et comment la matrice devient couleur.</translation>
    </message>
    <message>
        <source>How a stacked mosaic becomes colour; superpixel halves the size, siril uses Siril&apos;s RCD.</source>
        <translation>Comment une matrice empilée devient couleur ; superpixel divise la taille par deux, siril emploie le RCD de Siril.</translation>
    </message>
    <message>
        <source>Plate solving of the stack, and how far it is trusted.</source>
        <translation>Résolution astrométrique de l’empilement, et jusqu’où s’y fier.</translation>
    </message>
    <message>
        <source>Who solves; auto tries those that are installed, with their star catalogs.</source>
        <translation>Qui résout ; auto essaie ceux qui sont installés, avec leurs catalogues.</translation>
    </message>
    <message>
        <source>Largest rms distance of stars to their catalog positions in pixels.</source>
        <translation>Plus grand écart rms des étoiles au catalogue en pixels.</translation>
    </message>
    <message>
        <source>Star catalog (Parquet, CSV, FITS) to verify the solution against.</source>
        <translation>Catalogue d’étoiles (Parquet, CSV, FITS) pour vérifier la solution.</translation>
    </message>
    <message>
        <source>Siril&apos;s local Gaia catalog; None: as set in Siril.</source>
        <translation>Catalogue Gaia local de Siril ; vide : comme réglé dans Siril.</translation>
    </message>
    <message>
        <source>auto: a catalog with a WCS, else the stars&apos; mean colour; catalog: nothing else; siril_*: Siril&apos;s.</source>
        <translation>auto : un catalogue avec WCS, sinon la couleur moyenne des étoiles ; catalog : rien d’autre ; siril_* : ceux de Siril.</translation>
    </message>
    <message>
        <source>CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; None looks in ORCHESTRATE_STAR_CATALOG.</source>
        <translation>CSV, ECSV, FITS ou parquet avec ra, dec et magnitudes en deux bandes ; vide : cherché dans ORCHESTRATE_STAR_CATALOG.</translation>
    </message>
    <message>
        <source>Without a catalog ask Gaia DR3, where astroquery is installed.</source>
        <translation>Sans catalogue, interroger Gaia DR3 si astroquery est installé.</translation>
    </message>
    <message>
        <source>siril_pcc: its local Gaia file (gaia_astrometric.dat); None looks where Siril does.</source>
        <translation>siril_pcc : son fichier Gaia local (gaia_astrometric.dat) ; vide : cherché là où Siril cherche.</translation>
    </message>
    <message>
        <source>Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); None looks where Siril does.</source>
        <translation>Dossier des spectres d’étoiles (siril_cat1_healpix8_xpsamp_*.dat) ; vide : cherché là où Siril cherche.</translation>
    </message>
    <message>
        <source>Folder siril-spcc-database; None looks where Siril does.</source>
        <translation>Dossier siril-spcc-database ; vide : cherché là où Siril cherche.</translation>
    </message>
    <message>
        <source>Colour or mono sensor; None: the camera of the header, if it is one.</source>
        <translation>Capteur couleur ou mono ; vide : la caméra de l’en-tête, si elle en est un.</translation>
    </message>
    <message>
        <source>Filter before a colour sensor.</source>
        <translation>Filtre devant un capteur couleur.</translation>
    </message>
    <message>
        <source>Low-pass filter of a DSLR.</source>
        <translation>Filtre passe-bas d’un reflex.</translation>
    </message>
    <message>
        <source>Filters of a mono sensor: red, green, blue.</source>
        <translation>Filtres d’un capteur mono : rouge, vert, bleu.</translation>
    </message>
    <message>
        <source>Wavelength and width (nm) of what is shown red, green and blue, instead of filters.</source>
        <translation>Longueur d’onde et largeur (nm) de ce qui est montré rouge, vert et bleu, au lieu de filtres.</translation>
    </message>
    <message>
        <source>Right ascension of the field in degrees; None: header, object.</source>
        <translation>Ascension droite du champ en degrés ; vide : en-tête, objet.</translation>
    </message>
    <message>
        <source>Facts of cameras and telescopes (YAML, as devices.yaml) for headers that do not tell them; None looks in the configuration folder.</source>
        <translation>Données des caméras et des télescopes (YAML, comme devices.yaml) pour les en-têtes qui ne les donnent pas ; rien : le dossier de configuration.</translation>
    </message>
    <message>
        <source>What stays on the sensor while the sky moves, taken from the lights: auto (without darks: warm pixels, columns and rows), pixels, lines, all (amplifier glow too), none.</source>
        <translation>Ce qui reste sur le capteur pendant que le ciel bouge, tiré des brutes : auto (sans darks : pixels tièdes, colonnes et lignes), pixels, lines, all (avec la lueur de l’amplificateur), none.</translation>
    </message>
    <message>
        <source>Lights, spread over the session, from which the fixed pattern is taken.</source>
        <translation>Nombre de brutes, réparties sur la session, dont le motif fixe est tiré.</translation>
    </message>
    <message>
        <source>Model; auto starts with a similarity and refines while the stars ask for it; integer shifts by whole pixels (by two on a mosaic), so that none is interpolated.</source>
        <translation>Modèle ; auto commence par une similitude et l’affine tant que les étoiles le demandent ; integer décale par pixels entiers (par deux sur une matrice de Bayer), sans interpolation.</translation>
    </message>
    <message>
        <source>auto tells it from how the field turns; alt_az with much rotation grows the canvas.</source>
        <translation>auto le déduit de la rotation du champ ; alt_az avec une forte rotation agrandit le canevas.</translation>
    </message>
    <message>
        <source>The same where the frames are panels of a mosaic.</source>
        <translation>De même quand les images sont les panneaux d’une mosaïque.</translation>
    </message>
    <message>
        <source>auto: the reference frame, or the union of a mosaic or of a field that turned by much.</source>
        <translation>auto : le champ de la référence, ou l’union pour une mosaïque ou un champ qui a beaucoup tourné.</translation>
    </message>
    <message>
        <source>&quot;none&quot;, &quot;coverage 0.8&quot; (cut to where so large a share of the frames sees the sky), or &quot;auto&quot;: coverage 0.5 where the union was chosen by itself, 3 frames for a mosaic.</source>
        <translation>« none », « coverage 0.8 » (recadré là où cette part des images voit le ciel) ou « auto » : coverage 0.5 si l’union a été choisie d’elle-même, 3 images pour une mosaïque.</translation>
    </message>
    <message>
        <source>Which lights are stacked; by default all, since weights do the work. Those left out are told with the reason.</source>
        <translation>Quelles brutes sont empilées ; toutes par défaut, car les poids font le travail. Celles qui sont écartées sont nommées avec la raison.</translation>
    </message>
    <message>
        <source>The best part of the lights by score (G of GLOBAL_METRICS).</source>
        <translation>La meilleure part des brutes selon la note (G de GLOBAL_METRICS).</translation>
    </message>
    <message>
        <source>Only lights of which it is true, e.g. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</source>
        <translation>Seulement les brutes pour lesquelles c’est vrai, p. ex. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</translation>
    </message>
    <message>
        <source>A frame list: only these lights, one file name a line.</source>
        <translation>Une liste d’images : seulement ces brutes, un nom de fichier par ligne.</translation>
    </message>
    <message>
        <source>Most rounds of centre and clip of the iterative methods.</source>
        <translation>Nombre maximal de passes de centrage et de rejet des méthodes itératives.</translation>
    </message>
    <message>
        <source>last: stack the mosaic, demosaic once. first: each frame. superpixel: each 2x2 cell is a pixel. none: stack the mosaic and leave it one.</source>
        <translation>last : empiler la matrice, dématricer une fois. first : chaque image. superpixel : chaque cellule 2x2 est un pixel. none : empiler la matrice et la laisser telle.</translation>
    </message>
    <message>
        <source>Declination of the field in degrees.</source>
        <translation>Déclinaison du champ en degrés.</translation>
    </message>
    <message>
        <source>Arcsec a pixel of the stack; None: focal length and pixel size.</source>
        <translation>Secondes d’arc par pixel ; vide : focale et taille des pixels.</translation>
    </message>
    <message>
        <source>Focal length in mm, where the header has none or a wrong one.</source>
        <translation>Focale en mm, si l’en-tête n’en a pas ou une fausse.</translation>
    </message>
    <message>
        <source>Size of a stack&apos;s pixel in micrometres, where the header has none.</source>
        <translation>Taille d’un pixel de l’empilement en micromètres, si l’en-tête n’en a pas.</translation>
    </message>
    <message>
        <source>First search radius about the expected position in degrees.</source>
        <translation>Premier rayon de recherche autour de la position attendue, en degrés.</translation>
    </message>
    <message>
        <source>Widest search radius before the whole sky is searched.</source>
        <translation>Plus grand rayon avant de chercher dans tout le ciel.</translation>
    </message>
    <message>
        <source>Search the whole sky when the expected position is wrong or unknown.</source>
        <translation>Chercher dans tout le ciel si la position attendue est fausse ou inconnue.</translation>
    </message>
    <message>
        <source>Describe optical distortion by SIP polynomials.</source>
        <translation>Décrire la distorsion optique par des polynômes SIP.</translation>
    </message>
    <message>
        <source>ASTAP: bin the image before detection; 0 lets ASTAP choose.</source>
        <translation>ASTAP : regrouper les pixels avant la détection ; 0 laisse ASTAP choisir.</translation>
    </message>
    <message>
        <source>With fewer stars detected no solver is started.</source>
        <translation>Avec moins d’étoiles détectées, aucun solveur n’est lancé.</translation>
    </message>
    <message>
        <source>Seconds for one start of a solver.</source>
        <translation>Secondes pour un lancement du solveur.</translation>
    </message>
    <message>
        <source>Seconds after which no further search is begun.</source>
        <translation>Secondes après lesquelles aucune recherche n’est commencée.</translation>
    </message>
    <message>
        <source>Starts of a solver that crashes or does not end, before the next one.</source>
        <translation>Lancements d’un solveur qui plante ou ne finit pas, avant le suivant.</translation>
    </message>
    <message>
        <source>Seconds before the second start; doubled before each further one.</source>
        <translation>Secondes avant le deuxième lancement ; doublées avant chaque suivant.</translation>
    </message>
    <message>
        <source>Most solvers of a kind at work on this machine.</source>
        <translation>Nombre maximal de solveurs d’un type au travail sur cette machine.</translation>
    </message>
    <message>
        <source>Least seconds between two starts of a solver on this machine.</source>
        <translation>Secondes minimales entre deux lancements d’un solveur sur cette machine.</translation>
    </message>
    <message>
        <source>astap_cli; None looks in ASTAP_EXE and others, PATH, the usual folders.</source>
        <translation>astap_cli ; vide : cherché dans ASTAP_EXE et d’autres, PATH, les dossiers habituels.</translation>
    </message>
    <message>
        <source>Folder of ASTAP&apos;s star databases.</source>
        <translation>Dossier des bases d’étoiles d’ASTAP.</translation>
    </message>
    <message>
        <source>Database to use, such as d50; None: the deepest one that fits.</source>
        <translation>Base à utiliser, comme d50 ; vide : la plus profonde qui convient.</translation>
    </message>
    <message>
        <source>astrometry.net&apos;s solve-field; None looks on PATH.</source>
        <translation>solve-field d’astrometry.net ; vide : cherché dans PATH.</translation>
    </message>
    <message>
        <source>Folder of astrometry.net&apos;s index files.</source>
        <translation>Dossier des fichiers d’index d’astrometry.net.</translation>
    </message>
    <message>
        <source>Background extraction: gradients are taken away, star fluxes and nebulae stay.</source>
        <translation>Extraction du fond : les gradients sont retirés, flux des étoiles et nébuleuses restent.</translation>
    </message>
    <message>
        <source>Take the sky&apos;s gradient away.</source>
        <translation>Retirer le gradient du ciel.</translation>
    </message>
    <message>
        <source>auto: the autotune chooses among the four native ones; siril: its subsky; graxpert: its command line.</source>
        <translation>auto : le réglage automatique choisit parmi les quatre internes ; siril : son subsky ; graxpert : sa ligne de commande.</translation>
    </message>
    <message>
        <source>Order of the polynomial (siril too); the autotune starts here.</source>
        <translation>Ordre du polynôme (siril aussi) ; le réglage automatique part de là.</translation>
    </message>
    <message>
        <source>Robust loss of the fits (IRLS).</source>
        <translation>Perte robuste des ajustements (IRLS).</translation>
    </message>
    <message>
        <source>Radial basis function.</source>
        <translation>Fonction de base radiale.</translation>
    </message>
    <message>
        <source>Lambda of spline and rbf (graxpert: 0 to 1).</source>
        <translation>Lambda de spline et rbf (graxpert : 0 à 1).</translation>
    </message>
    <message>
        <source>mesh: reach of a node in cells.</source>
        <translation>mesh : portée d’un nœud en cellules.</translation>
    </message>
    <message>
        <source>Sky level of a tile: from this quantile of its free pixels.</source>
        <translation>Niveau du ciel d’une tuile : ce quantile de ses pixels libres.</translation>
    </message>
    <message>
        <source>Choose order or smoothing by predicting held-out samples.</source>
        <translation>Choisir ordre ou lissage en prédisant des échantillons réservés.</translation>
    </message>
    <message>
        <source>Candidates that the autotune tries at most.</source>
        <translation>Nombre maximal de candidats essayés.</translation>
    </message>
    <message>
        <source>Autotune: weight of what the model leaves over.</source>
        <translation>Réglage automatique : poids de ce que le modèle laisse.</translation>
    </message>
    <message>
        <source>Autotune: weight of the model&apos;s roughness.</source>
        <translation>Réglage automatique : poids de la rugosité du modèle.</translation>
    </message>
    <message>
        <source>Scatter in mmag that star flux ratios may gain.</source>
        <translation>Dispersion en mmag que les rapports de flux peuvent gagner.</translation>
    </message>
    <message>
        <source>siril: radial basis functions instead of a polynomial.</source>
        <translation>siril : fonctions de base radiales au lieu d’un polynôme.</translation>
    </message>
    <message>
        <source>GraXpert&apos;s program; None looks in GRAXPERT, PATH and the usual folders.</source>
        <translation>Programme GraXpert ; vide : cherché dans GRAXPERT, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>Seconds for an external program.</source>
        <translation>Secondes pour un programme externe.</translation>
    </message>
    <message>
        <source>Photometric colour calibration: gains of the channels from stars.</source>
        <translation>Calibration photométrique des couleurs : gains des canaux d’après les étoiles.</translation>
    </message>
    <message>
        <source>Calibrate the colours by stars.</source>
        <translation>Calibrer les couleurs par les étoiles.</translation>
    </message>
    <message>
        <source>Columns with unusual names, e.g. {ra: RA_deg, B: blue, V: visual}.</source>
        <translation>Colonnes aux noms inhabituels, p. ex. {ra: RA_deg, B: blue, V: visual}.</translation>
    </message>
    <message>
        <source>What shall be white: the spectral type of a star, or a galaxy.</source>
        <translation>Ce qui sera blanc : le type spectral d’une étoile, ou une galaxie.</translation>
    </message>
    <message>
        <source>Local sky of a star.</source>
        <translation>Ciel local d’une étoile.</translation>
    </message>
    <message>
        <source>Effective wavelengths (nm) of red, green and blue of the sensor, where known.</source>
        <translation>Longueurs d’onde effectives (nm) du rouge, vert et bleu du capteur, si connues.</translation>
    </message>
    <message>
        <source>Fewer usable stars: the image stays as it is.</source>
        <translation>Moins d’étoiles utilisables : l’image reste telle quelle.</translation>
    </message>
    <message>
        <source>Largest residual of the stars in magnitudes.</source>
        <translation>Plus grand résidu des étoiles en magnitudes.</translation>
    </message>
    <message>
        <source>A gain beyond this, or below its inverse, is refused.</source>
        <translation>Un gain au-delà, ou sous son inverse, est refusé.</translation>
    </message>
    <message>
        <source>What shall be white, as Siril&apos;s spcc names it.</source>
        <translation>Ce qui sera blanc, tel que le nomme spcc de Siril.</translation>
    </message>
    <message>
        <source>Thresholds; a miss gives status validation_failed, products stay.</source>
        <translation>Seuils ; un manqué donne l’état validation_failed, les produits restent.</translation>
    </message>
    <message>
        <source>FWHM over that of the plain mean.</source>
        <translation>FWHM rapportée à celle de la moyenne simple.</translation>
    </message>
    <message>
        <source>Noise on squares of 4 px over that of the plain mean.</source>
        <translation>Bruit sur carrés de 4 px rapporté à celui de la moyenne simple.</translation>
    </message>
    <message>
        <source>Jump across tile borders in units of the noise.</source>
        <translation>Saut aux bords des tuiles en unités de bruit.</translation>
    </message>
    <message>
        <source>Scatter of star fluxes against the plain mean (mag).</source>
        <translation>Dispersion des flux d’étoiles par rapport à la moyenne simple (mag).</translation>
    </message>
    <message>
        <source>Change of star fluxes over the field against the plain mean (mag).</source>
        <translation>Variation des flux dans le champ par rapport à la moyenne simple (mag).</translation>
    </message>
    <message>
        <source>Share of the information on point sources kept.</source>
        <translation>Part de l’information gardée sur les sources ponctuelles.</translation>
    </message>
    <message>
        <source>Share of the information on extended sources kept.</source>
        <translation>Part de l’information gardée sur les sources étendues.</translation>
    </message>
    <message>
        <source>Effective frames (sum w)^2 / sum w^2 of a tile, share of all.</source>
        <translation>Images effectives (somme w)^2 / somme w^2 d’une tuile, part du total.</translation>
    </message>
    <message>
        <source>Which files are written. What is said of previews never touches the linear products.</source>
        <translation>Quels fichiers sont écrits. Ce qui concerne les aperçus ne touche jamais les produits linéaires.</translation>
    </message>
    <message>
        <source>How the stacks of several filters become one picture: auto (LRGB, RGB, SHO or HOO), none, HSO ..., or a linear combination for R, G and B.</source>
        <translation>Comment les empilements de plusieurs filtres deviennent une image : auto (LRGB, RGB, SHO ou HOO), none, HSO ..., ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Stretched pictures: preview.png and preview.tif.</source>
        <translation>Images étirées : preview.png et preview.tif.</translation>
    </message>
    <message>
        <source>One curve for all channels; always so after a colour calibration.</source>
        <translation>Une courbe pour tous les canaux ; toujours après une calibration des couleurs.</translation>
    </message>
    <message>
        <source>asinh keeps the colours of stars; two_stage: asinh, then one curve for sky and contrast.</source>
        <translation>asinh garde les couleurs des étoiles ; two_stage : asinh, puis une courbe pour le ciel et le contraste.</translation>
    </message>
    <message>
        <source>background: the sky is made grey; bayer: also what is above it on the whole. For quick looks without a colour calibration.</source>
        <translation>background : le ciel devient gris ; bayer : aussi ce qui le dépasse dans l’ensemble. Pour un coup d’œil sans calibration des couleurs.</translation>
    </message>
    <message>
        <source>Colour matrix: mild or vivid colours, duo_band filters, or 3x3 with rows of sum 1.</source>
        <translation>Matrice de couleurs : couleurs douces (mild) ou vives (vivid), filtres duo_band, ou 3x3 aux lignes de somme 1.</translation>
    </message>
    <message>
        <source>With a WCS, a picture with grid and objects too.</source>
        <translation>Avec un WCS, aussi une image avec grille et objets.</translation>
    </message>
    <message>
        <source>Green noise to take away: 0 none, 1 all.</source>
        <translation>Bruit vert à retirer : 0 rien, 1 tout.</translation>
    </message>
    <message>
        <source>Strength of the colours; 1 leaves them.</source>
        <translation>Force des couleurs ; 1 les laisse.</translation>
    </message>
    <message>
        <source>variance.fits: the variance of each pixel.</source>
        <translation>variance.fits : la variance de chaque pixel.</translation>
    </message>
    <message>
        <source>coverage.fits: how many frames each pixel has.</source>
        <translation>coverage.fits : combien d’images a chaque pixel.</translation>
    </message>
    <message>
        <source>With several nights, a stack of each night too, on the same canvas.</source>
        <translation>Avec plusieurs nuits, aussi un empilement par nuit, sur le même canevas.</translation>
    </message>
    <message>
        <source>artifacts/report.html, report.json and report.md at the end of the run.</source>
        <translation>artifacts/report.html, report.json et report.md à la fin du calcul.</translation>
    </message>
    <message>
        <source>Memory, cores, and what is kept for later.</source>
        <translation>Mémoire, cœurs, et ce qui est gardé pour plus tard.</translation>
    </message>
    <message>
        <source>&quot;auto&quot; (half of what is free) or a size such as &quot;4 GiB&quot;.</source>
        <translation>« auto » (la moitié de ce qui est libre) ou une taille comme « 4 GiB ».</translation>
    </message>
    <message>
        <source>0: all cores.</source>
        <translation>0 : tous les cœurs.</translation>
    </message>
    <message>
        <source>Where frames and blocks are worked on; the result is the same.</source>
        <translation>Où images et blocs sont traités ; le résultat est le même.</translation>
    </message>
    <message>
        <source>gpu: warp, mean and co-addition by CuPy; without a GPU the processor does it, and a warning says so.</source>
        <translation>gpu : déformation, moyenne et co-addition par CuPy ; sans GPU le processeur le fait, et un avertissement le dit.</translation>
    </message>
    <message>
        <source>Address of a Dask scheduler (tcp://host:8786); None makes a local cluster.</source>
        <translation>Adresse d’un ordonnanceur Dask (tcp://host:8786) ; vide : un cluster local.</translation>
    </message>
    <message>
        <source>Keep the scratch folder work/ of a finished run.</source>
        <translation>Garder le dossier de travail work/ d’un calcul terminé.</translation>
    </message>
    <message>
        <source>Keep measurements, transforms and masters beside the runs, for later runs of the session.</source>
        <translation>Garder mesures, transformations et masters à côté des calculs, pour les suivants de la session.</translation>
    </message>
    <message>
        <source>Make everything in the cache anew.</source>
        <translation>Refaire tout ce qui est en cache.</translation>
    </message>
    <message>
        <source>Largest size of the cache; what was used longest ago goes first.</source>
        <translation>Taille maximale du cache ; le plus anciennement utilisé part d’abord.</translation>
    </message>
    <message>
        <source>Keep the arrays of the stack, so that `resume --from-phase STACKING` need not reconstruct it.</source>
        <translation>Garder les tableaux de l’empilement, pour que `resume --from-phase STACKING` n’ait pas à le reconstruire.</translation>
    </message>
    <message>
        <source>Filter of each channel, such as {R: Red, G: Green, B: Blue, L: Lum}; empty: all filters, by their usual letters.</source>
        <translation>Filtre de chaque canal, comme {R: Red, G: Green, B: Blue, L: Lum} ; vide : tous les filtres, sous leurs lettres habituelles.</translation>
    </message>
    <message>
        <source>How channels become colours: RGB, LRGB, SHO, HOO ..., or a linear combination for R, G and B.</source>
        <translation>Comment les canaux deviennent couleurs : RGB, LRGB, SHO, HOO ..., ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Name of the picture of all nights.</source>
        <translation>Nom de l’image de toutes les nuits.</translation>
    </message>
    <message>
        <source>Name of the picture of one night.</source>
        <translation>Nom de l’image d’une nuit.</translation>
    </message>
    <message>
        <source>Name of the picture of one filter.</source>
        <translation>Nom de l’image d’un filtre.</translation>
    </message>
    <message>
        <source>bottomup: the file&apos;s first row is the lowest, as Siril&apos;s mirrorx -bottomup leaves it.</source>
        <translation>bottomup : la première ligne du fichier est la plus basse, comme le laisse mirrorx -bottomup de Siril.</translation>
    </message>
    <message>
        <source>Of broadband channels, a picture with calibrated colours too.</source>
        <translation>Pour des canaux à large bande, aussi une image aux couleurs calibrées.</translation>
    </message>
    <message>
        <source>Faint extended light: weights by signal to noise alone, whatever the seeing.</source>
        <translation>Lumière étendue faible : poids selon le rapport signal sur bruit seul, quel que soit le seeing.</translation>
    </message>
    <message>
        <source>Most information on stars: inverse variance and local seeing decide.</source>
        <translation>Le plus d’information sur les étoiles : variance inverse et seeing local décident.</translation>
    </message>
    <message>
        <source>The Tile-Compile methodology: quality weights, clusters of states, synthetic frames.</source>
        <translation>La méthode Tile-Compile : poids de qualité, groupes d’états, images synthétiques.</translation>
    </message>
    <message>
        <source>A fast look: half-size colours, no local weights.</source>
        <translation>Un coup d’œil rapide : couleurs demi-taille, sans poids locaux.</translation>
    </message>
    <message>
        <source>Sharpest frames dominate, for bright targets with many frames.</source>
        <translation>Les images les plus nettes dominent, pour des cibles brillantes et beaucoup d’images.</translation>
    </message>
</context>
</TS>
