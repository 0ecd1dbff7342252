<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>CloserPanel</name>
    <message>
        <source>Measurement</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Adds (ADU)</source>
        <translation>Apport (ADU)</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Poids</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Écart</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Rejetés</translation>
    </message>
    <message>
        <source>There is no star at this place.</source>
        <translation>Il n’y a pas d’étoile à cet endroit.</translation>
    </message>
    <message>
        <source>Place (column, row)</source>
        <translation>Position (colonne, ligne)</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>Coordonnées</translation>
    </message>
    <message>
        <source>FWHM</source>
        <translation>FWHM</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>Rondeur</translation>
    </message>
    <message>
        <source>Flux (ADU)</source>
        <translation>Flux (ADU)</translation>
    </message>
    <message>
        <source>Brightest pixel (ADU)</source>
        <translation>Pixel le plus brillant (ADU)</translation>
    </message>
    <message>
        <source>Saturated</source>
        <translation>Saturée</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>Signal-to-noise</source>
        <translation>Rapport signal/bruit</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Rejected there</source>
        <translation>Rejetées à cet endroit</translation>
    </message>
    <message>
        <source>Working: {0} …</source>
        <translation>En cours : {0} …</translation>
    </message>
    <message>
        <source>Dark blue {0}, yellow {1} {2}</source>
        <translation>Bleu foncé {0}, jaune {1} {2}</translation>
    </message>
    <message>
        <source>Measuring …</source>
        <translation>Mesure en cours …</translation>
    </message>
    <message>
        <source>the star</source>
        <translation>l’étoile</translation>
    </message>
    <message>
        <source>the frames, ranked by what they add</source>
        <translation>les images, classées selon leur apport</translation>
    </message>
    <message>
        <source>none</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>frames at each place</source>
        <translation>images en chaque point</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>poids</translation>
    </message>
    <message>
        <source>rejected frames</source>
        <translation>images rejetées</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>bruit</translation>
    </message>
    <message>
        <source>background subtracted</source>
        <translation>fond soustrait</translation>
    </message>
    <message>
        <source>stack minus plain mean</source>
        <translation>empilement moins moyenne simple</translation>
    </message>
    <message>
        <source>A c&amp;lick shows:</source>
        <translation>Un c&amp;lic montre :</translation>
    </message>
    <message>
        <source>&amp;Map:</source>
        <translation>&amp;Carte :</translation>
    </message>
    <message>
        <source>Gri&amp;d and objects</source>
        <translation>&amp;Grille et objets</translation>
    </message>
    <message>
        <source>Right ascension, declination and names of objects; needs a plate solution</source>
        <translation>Ascension droite, déclinaison et noms des objets ; nécessite une solution astrométrique</translation>
    </message>
    <message>
        <source>E&amp;xclude here</source>
        <translation>E&amp;xclure ici</translation>
    </message>
    <message>
        <source>Exclude the selected frames from the tiles at this place; only these are stacked again</source>
        <translation>Exclure les images choisies des tuiles à cet endroit ; seules celles-ci sont empilées de nouveau</translation>
    </message>
    <message>
        <source>Exclude every&amp;where</source>
        <translation>Exclure &amp;partout</translation>
    </message>
    <message>
        <source>Include a&amp;gain</source>
        <translation>In&amp;clure de nouveau</translation>
    </message>
    <message>
        <source>Repeat for the finished stack:</source>
        <translation>Répéter pour l’empilement terminé :</translation>
    </message>
    <message>
        <source>Astr&amp;ometry</source>
        <translation>Astr&amp;ométrie</translation>
    </message>
    <message>
        <source>C&amp;olours</source>
        <translation>Co&amp;uleurs</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>Arrê&amp;ter</translation>
    </message>
    <message>
        <source>What is at the place that was clicked</source>
        <translation>Ce qui se trouve à l’endroit cliqué</translation>
    </message>
    <message>
        <source>Colours of the map</source>
        <translation>Couleurs de la carte</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop a folder of raw frames here</source>
        <translation>Déposez ici un dossier d’images brutes</translation>
    </message>
    <message>
        <source>Drop more nights here</source>
        <translation>Déposez ici d’autres nuits</translation>
    </message>
    <message>
        <source>A night with its lights, darks, flats and biases, or a folder of nights. Files are sorted by their headers and folder names; raw files are never changed.</source>
        <translation>Une nuit avec ses lights, darks, flats et biais, ou un dossier de nuits. Les fichiers sont triés selon leurs en-têtes et les noms des dossiers ; les fichiers bruts ne sont jamais modifiés.</translation>
    </message>
    <message>
        <source>&amp;Open folder …</source>
        <translation>&amp;Ouvrir un dossier …</translation>
    </message>
    <message>
        <source>Open pro&amp;ject …</source>
        <translation>Ouvrir un pro&amp;jet …</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>Show the nights</source>
        <translation>Afficher les nuits</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>Afficher les réglages</translation>
    </message>
    <message>
        <source>Use the native engine</source>
        <translation>Utiliser le moteur natif</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Afficher le résultat</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
</context>
<context>
    <name>FoundRow</name>
    <message>
        <source>Use these darks …</source>
        <translation>Utiliser ces darks …</translation>
    </message>
    <message>
        <source>Use these flats …</source>
        <translation>Utiliser ces flats …</translation>
    </message>
    <message>
        <source>Leave this night out</source>
        <translation>Laisser cette nuit de côté</translation>
    </message>
    <message>
        <source>Choose the object</source>
        <translation>Choisir l’objet</translation>
    </message>
    <message>
        <source>Add this night</source>
        <translation>Ajouter cette nuit</translation>
    </message>
    <message>
        <source>Stack them anyway</source>
        <translation>Empiler quand même</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>Afficher les réglages</translation>
    </message>
    <message>
        <source>Use all filters</source>
        <translation>Utiliser tous les filtres</translation>
    </message>
    <message numerus="yes">
        <source>{0}: %n light(s)</source>
        <translation>
            <numerusform>{0} : %n light</numerusform>
            <numerusform>{0} : %n lights</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FramePlot</name>
    <message numerus="yes">
        <source>%n frame(s), median FWHM {0} px, last {1} px</source>
        <translation>
            <numerusform>%n image, FWHM médiane {0} px, dernière {1} px</numerusform>
            <numerusform>%n images, FWHM médiane {0} px, dernière {1} px</numerusform>
        </translation>
    </message>
    <message>
        <source>No frame has been measured yet</source>
        <translation>Aucune image n’est encore mesurée</translation>
    </message>
    <message>
        <source>frame {0} of {1}</source>
        <translation>image {0} sur {1}</translation>
    </message>
    <message>
        <source>Score (% of the best frame)</source>
        <translation>Note (% de la meilleure image)</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Score and FWHM of the frames</source>
        <translation>Note et FWHM des images</translation>
    </message>
</context>
<context>
    <name>FramePlots</name>
    <message>
        <source>No light has been measured yet.</source>
        <translation>Aucune image brute n’est encore mesurée.</translation>
    </message>
</context>
<context>
    <name>FrameWords</name>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Nuit</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Score (%)</source>
        <translation>Score (%)</translation>
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
        <source>Transparency (%)</source>
        <translation>Transparence (%)</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Remarques</translation>
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
        <source>light</source>
        <translation>brute</translation>
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
    <message>
        <source>Clouds or haze: {0} % of the star light.</source>
        <translation>Nuages ou brume : {0} % de la lumière des étoiles.</translation>
    </message>
    <message>
        <source>Blurred stars: FWHM {0} px, usually {1}.</source>
        <translation>Étoiles floues : FWHM {0} px, habituellement {1}.</translation>
    </message>
    <message>
        <source>Elongated stars: roundness {0}, usually {1}.</source>
        <translation>Étoiles allongées : rondeur {0}, habituellement {1}.</translation>
    </message>
    <message>
        <source>Few stars: {0}, usually {1}.</source>
        <translation>Peu d’étoiles : {0}, habituellement {1}.</translation>
    </message>
    <message>
        <source>Bright sky: {0} ADU, usually {1}.</source>
        <translation>Ciel clair : {0} ADU, habituellement {1}.</translation>
    </message>
    <message>
        <source>More noise: {0} ADU, usually {1}.</source>
        <translation>Plus de bruit : {0} ADU, habituellement {1}.</translation>
    </message>
</context>
<context>
    <name>FramesPage</name>
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
        <source>Scan &amp;again</source>
        <translation>Anal&amp;yser à nouveau</translation>
    </message>
    <message>
        <source>Accept (A)</source>
        <translation>Accepter (A)</translation>
    </message>
    <message>
        <source>Reject (X)</source>
        <translation>Rejeter (X)</translation>
    </message>
    <message>
        <source>Undo (U)</source>
        <translation>Annuler (U)</translation>
    </message>
    <message>
        <source>Select with re&amp;marks</source>
        <translation>Sélectionner avec re&amp;marques</translation>
    </message>
    <message>
        <source>Show the selected frames, or all, one after another (Ctrl+B)</source>
        <translation>Afficher les images sélectionnées, ou toutes, l’une après l’autre (Ctrl+B)</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Image of the frame</source>
        <translation>Aperçu de l’image</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Arrê&amp;ter</translation>
    </message>
    <message numerus="yes">
        <source>%n light(s), {0} excluded, {1} with remarks</source>
        <translation>
            <numerusform>%n brute, {0} exclues, {1} avec remarques</numerusform>
            <numerusform>%n brutes, {0} exclues, {1} avec remarques</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Blink</source>
        <translation>C&amp;lignoter</translation>
    </message>
    <message>
        <source>Sp&amp;eed:</source>
        <translation>&amp;Vitesse :</translation>
    </message>
    <message>
        <source>Frames of the night</source>
        <translation>Images de la nuit</translation>
    </message>
    <message>
        <source>Quality of the lights over time; drag a rectangle to select frames</source>
        <translation>Qualité des images brutes au fil du temps ; tracez un rectangle pour sélectionner des images</translation>
    </message>
    <message>
        <source>Measuring frames</source>
        <translation>Mesure des images</translation>
    </message>
    <message>
        <source>all</source>
        <translation>toutes</translation>
    </message>
</context>
<context>
    <name>GoalPanel</name>
    <message>
        <source>about {0}</source>
        <translation>environ {0}</translation>
    </message>
    <message>
        <source>{0} of {1} free</source>
        <translation>{0} sur {1} libres</translation>
    </message>
    <message>
        <source>The disk of the folder for runs is too full: choose another in the project details.</source>
        <translation>Le disque du dossier des exécutions est trop plein : choisissez-en un autre dans les détails du projet.</translation>
    </message>
    <message>
        <source>Little memory is free: close other programs, or the run will be slow.</source>
        <translation>Peu de mémoire est libre : fermez d’autres programmes, sinon l’exécution sera lente.</translation>
    </message>
    <message>
        <source>&amp;Best picture</source>
        <translation>&amp;Meilleure image</translation>
    </message>
    <message>
        <source>&amp;Quick look</source>
        <translation>Aperçu rapid&amp;e</translation>
    </message>
    <message>
        <source>S&amp;cience</source>
        <translation>S&amp;cience</translation>
    </message>
    <message>
        <source>M&amp;osaic</source>
        <translation>M&amp;osaïque</translation>
    </message>
    <message>
        <source>The most detail and the least noise.</source>
        <translation>Le plus de détails et le moins de bruit.</translation>
    </message>
    <message>
        <source>Half size, in a fraction of the time.</source>
        <translation>Moitié de la taille, en une fraction du temps.</translation>
    </message>
    <message>
        <source>Linear pixels with their variance; the sky is not subtracted.</source>
        <translation>Pixels linéaires avec leur variance ; le ciel n’est pas soustrait.</translation>
    </message>
    <message>
        <source>All panels on one canvas.</source>
        <translation>Tous les panneaux sur un même cadre.</translation>
    </message>
    <message>
        <source>What is it for?</source>
        <translation>Pour quoi faire ?</translation>
    </message>
    <message>
        <source>What it takes</source>
        <translation>Ce qu’il faut</translation>
    </message>
    <message>
        <source>Your own settings (page Settings). A goal replaces only its own.</source>
        <translation>Vos propres réglages (page Réglages). Un but ne remplace que les siens.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Temps</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disque</translation>
    </message>
    <message>
        <source>Stac&amp;k</source>
        <translation>Em&amp;piler</translation>
    </message>
</context>
<context>
    <name>NightCard</name>
    <message>
        <source>Reading the headers …</source>
        <translation>Lecture des en-têtes …</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>{0}, a device without an entry</source>
        <translation>{0}, un appareil sans entrée</translation>
    </message>
    <message>
        <source>Device not recognised</source>
        <translation>Appareil non reconnu</translation>
    </message>
    <message>
        <source>No lights</source>
        <translation>Aucun light</translation>
    </message>
    <message numerus="yes">
        <source>%n light(s), {0}</source>
        <translation>
            <numerusform>%n light, {0}</numerusform>
            <numerusform>%n lights, {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1} ({2})</source>
        <translation>{0} : {1} ({2})</translation>
    </message>
    <message>
        <source>no filter name</source>
        <translation>sans nom de filtre</translation>
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
        <translation>Biais</translation>
    </message>
    <message>
        <source>Dark-flats</source>
        <translation>Dark-flats</translation>
    </message>
    <message>
        <source>{0}: none found</source>
        <translation>{0} : aucun trouvé</translation>
    </message>
    <message>
        <source>gain {0}</source>
        <translation>gain {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n master(s)</source>
        <translation>
            <numerusform>%n master</numerusform>
            <numerusform>%n masters</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0} : {1}</translation>
    </message>
    <message>
        <source>scaled to {0} times their exposure</source>
        <translation>mis à l’échelle de {0} fois leur pose</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>de {0}</translation>
    </message>
    <message>
        <source>Use this night</source>
        <translation>Utiliser cette nuit</translation>
    </message>
    <message>
        <source>Use the night {0}</source>
        <translation>Utiliser la nuit {0}</translation>
    </message>
    <message>
        <source>Remove this night from the project; its files stay</source>
        <translation>Retirer cette nuit du projet ; ses fichiers restent</translation>
    </message>
    <message>
        <source>Remove the night {0}</source>
        <translation>Retirer la nuit {0}</translation>
    </message>
    <message>
        <source>One light of {0}</source>
        <translation>Un light de {0}</translation>
    </message>
</context>
<context>
    <name>PicturePane</name>
    <message>
        <source>Preparing the image …</source>
        <translation>Préparation de l’image …</translation>
    </message>
    <message>
        <source>{0} cannot be shown.</source>
        <translation>{0} ne peut pas être affiché.</translation>
    </message>
    <message>
        <source>Compare with an image of the same field</source>
        <translation>Comparer avec une image du même champ</translation>
    </message>
    <message>
        <source>the stack</source>
        <translation>l’empilement</translation>
    </message>
    <message>
        <source>The recipe was saved: {0}</source>
        <translation>La recette a été enregistrée : {0}</translation>
    </message>
    <message>
        <source>PNG, 8 bits</source>
        <translation>PNG, 8 bits</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>TIFF, 16 bits</source>
        <translation>TIFF, 16 bits</translation>
    </message>
    <message>
        <source>Export the picture</source>
        <translation>Exporter l’image</translation>
    </message>
    <message>
        <source>Writing {0} …</source>
        <translation>Écriture de {0} …</translation>
    </message>
    <message>
        <source>The picture was written: {0}</source>
        <translation>L’image a été écrite : {0}</translation>
    </message>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Le programme {0} n’a pas pu être lancé.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>the plain mean</source>
        <translation>la moyenne simple</translation>
    </message>
    <message>
        <source>another image, such as a stack by Siril …</source>
        <translation>une autre image, par exemple un empilement de Siril …</translation>
    </message>
    <message>
        <source>the frame {0}</source>
        <translation>l’image {0}</translation>
    </message>
    <message>
        <source>&amp;Image:</source>
        <translation>&amp;Image :</translation>
    </message>
    <message>
        <source>&amp;Compare with:</source>
        <translation>&amp;Comparer avec :</translation>
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
        <source>Image of the result</source>
        <translation>Image du résultat</translation>
    </message>
    <message>
        <source>Wheel or + and -: zoom; drag: move; F: fit to the view; 1: 1:1</source>
        <translation>Molette ou + et - : zoom ; glisser : déplacer ; F : ajuster à la vue ; 1 : 1:1</translation>
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
        <source>Sa&amp;ve recipe</source>
        <translation>Enre&amp;gistrer la recette</translation>
    </message>
    <message>
        <source>Keep these settings beside the image, for this page and for `orchestrate develop`</source>
        <translation>Conserver ces réglages à côté de l’image, pour cette page et pour `orchestrate develop`</translation>
    </message>
    <message>
        <source>E&amp;xport picture …</source>
        <translation>E&amp;xporter l’image …</translation>
    </message>
    <message>
        <source>Ope&amp;n in Siril</source>
        <translation>Ouvrir dans S&amp;iril</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>Regarder de près</translation>
    </message>
</context>
<context>
    <name>ProjectDetails</name>
    <message>
        <source>Choose the folder for runs</source>
        <translation>Choisir le dossier des exécutions</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>pas encore enregistré</translation>
    </message>
    <message>
        <source>Project details</source>
        <translation>Détails du projet</translation>
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
        <source>Folder for r&amp;uns:</source>
        <translation>Dossier des exéc&amp;utions :</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>&amp;Choisir …</translation>
    </message>
</context>
<context>
    <name>RecipePanel</name>
    <message>
        <source>Natural</source>
        <translation>Naturel</translation>
    </message>
    <message>
        <source>Midtones (autostretch)</source>
        <translation>Tons moyens (étirement automatique)</translation>
    </message>
    <message>
        <source>Asinh</source>
        <translation>Asinh</translation>
    </message>
    <message>
        <source>Generalised hyperbolic (GHS)</source>
        <translation>Hyperbolique généralisé (GHS)</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linéaire</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>Neutre</translation>
    </message>
    <message>
        <source>Picked place</source>
        <translation>Endroit choisi</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Inchangé</translation>
    </message>
    <message>
        <source>Strengt&amp;h:</source>
        <translation>&amp;Force :</translation>
    </message>
    <message>
        <source>0 does not stretch; ln(D + 1)</source>
        <translation>0 n’étire pas ; ln(D + 1)</translation>
    </message>
    <message>
        <source>Foc&amp;us:</source>
        <translation>Foc&amp;us :</translation>
    </message>
    <message>
        <source>Contrast near the symmetry point (b)</source>
        <translation>Contraste près du point de symétrie (b)</translation>
    </message>
    <message>
        <source>S&amp;ymmetry:</source>
        <translation>S&amp;ymétrie :</translation>
    </message>
    <message>
        <source>Level with the most contrast (SP)</source>
        <translation>Niveau le plus contrasté (SP)</translation>
    </message>
    <message>
        <source>S&amp;hadows:</source>
        <translation>&amp;Ombres :</translation>
    </message>
    <message>
        <source>Below this level the curve is straight (LP)</source>
        <translation>Sous ce niveau la courbe est droite (LP)</translation>
    </message>
    <message>
        <source>Hi&amp;ghlights:</source>
        <translation>&amp;Hautes lumières :</translation>
    </message>
    <message>
        <source>Above this level the curve is straight (HP)</source>
        <translation>Au-dessus de ce niveau la courbe est droite (HP)</translation>
    </message>
    <message>
        <source>&amp;Green noise:</source>
        <translation>Bruit &amp;vert :</translation>
    </message>
    <message>
        <source>Remove green above the mean of red and blue</source>
        <translation>Retirer le vert au-dessus de la moyenne du rouge et du bleu</translation>
    </message>
    <message>
        <source>Satur&amp;ation:</source>
        <translation>S&amp;aturation :</translation>
    </message>
    <message>
        <source>1 keeps the colours, 0 is grey</source>
        <translation>1 conserve les couleurs, 0 est gris</translation>
    </message>
    <message>
        <source>From the image</source>
        <translation>D’après l’image</translation>
    </message>
    <message>
        <source>{0} from the image</source>
        <translation>{0} d’après l’image</translation>
    </message>
    <message>
        <source>Stre&amp;tch:</source>
        <translation>É&amp;tirement :</translation>
    </message>
    <message>
        <source>&amp;Background:</source>
        <translation>&amp;Fond :</translation>
    </message>
    <message>
        <source>Same curve for all &amp;colours</source>
        <translation>Même &amp;courbe pour toutes les couleurs</translation>
    </message>
    <message>
        <source>Le&amp;vel the sky</source>
        <translation>Aplanir le &amp;ciel</translation>
    </message>
    <message>
        <source>&amp;Pick</source>
        <translation>&amp;Choisir</translation>
    </message>
    <message>
        <source>Then click on a place of the sky in the image</source>
        <translation>Cliquez ensuite sur un endroit du ciel dans l’image</translation>
    </message>
    <message>
        <source>Reset pict&amp;ure</source>
        <translation>Réinitialiser l’ima&amp;ge</translation>
    </message>
    <message>
        <source>Histogram with handles for black, middle and white</source>
        <translation>Histogramme avec poignées pour le noir, le milieu et le blanc</translation>
    </message>
    <message>
        <source>Drag the handles; double-click to reset. Keys: 1, 2, 3 choose, arrows move</source>
        <translation>Faites glisser les poignées ; double-clic pour réinitialiser. Touches : 1, 2, 3 choisissent, les flèches déplacent</translation>
    </message>
</context>
<context>
    <name>ResultsPage</name>
    <message>
        <source>finished</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>finished, threshold missed</source>
        <translation>terminée, seuil non atteint</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échec</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>interrompue</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>unfinished</source>
        <translation>inachevée</translation>
    </message>
    <message>
        <source>finished, a filter is missing</source>
        <translation>terminée, un filtre manque</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Measurements of the run</source>
        <translation>Mesures de l’exécution</translation>
    </message>
    <message>
        <source>Refre&amp;sh</source>
        <translation>Act&amp;ualiser</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Exécution</translation>
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
        <translation>Exécutions</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
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
        <source>Res&amp;ume this run</source>
        <translation>Reprendre &amp;cette exécution</translation>
    </message>
</context>
<context>
    <name>RunDetails</name>
    <message>
        <source>running …</source>
        <translation>en cours …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>skipped</source>
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
        <source>Step</source>
        <translation>Étape</translation>
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
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>&amp;Warnings only</source>
        <translation>A&amp;vertissements seulement</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Run {0}</source>
        <translation>Exécution {0}</translation>
    </message>
    <message>
        <source>Filter {0} ({1} of {2})</source>
        <translation>Filtre {0} ({1} sur {2})</translation>
    </message>
    <message>
        <source>The finished picture. The page Results develops and exports it.</source>
        <translation>L’image finie. La page Résultats la développe et l’exporte.</translation>
    </message>
    <message numerus="yes">
        <source>Mean of %n frame(s) of {0} so far</source>
        <translation>
            <numerusform>Moyenne de %n image sur {0} jusqu’ici</numerusform>
            <numerusform>Moyenne de %n images sur {0} jusqu’ici</numerusform>
        </translation>
    </message>
    <message>
        <source>The picture appears with the first frames.</source>
        <translation>L’image apparaît avec les premières poses.</translation>
    </message>
    <message>
        <source>{0} so far</source>
        <translation>{0} jusqu’ici</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}, encore environ {1}</translation>
    </message>
    <message>
        <source>Aborted. Completed phases are kept; Resume continues from there.</source>
        <translation>Interrompu. Les phases terminées sont conservées ; Reprendre continue à partir de là.</translation>
    </message>
    <message>
        <source>Failed.</source>
        <translation>Échec.</translation>
    </message>
    <message>
        <source>Finished, but a filter is missing.</source>
        <translation>Terminé, mais un filtre manque.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each filter is stacked; the stacks are not combined.</source>
        <translation>Brutes par filtre : {0}. Chaque filtre est empilé ; les empilements ne sont pas combinés.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each filter is stacked on the same pixels; the stacks are combined as {1}.</source>
        <translation>Brutes par filtre : {0}. Chaque filtre est empilé sur les mêmes pixels ; les empilements sont combinés en {1}.</translation>
    </message>
    <message>
        <source>End now</source>
        <translation>Arrêter immédiatement</translation>
    </message>
    <message numerus="yes">
        <source>Show %n invalid setting(s)</source>
        <translation>
            <numerusform>Afficher %n réglage non valide</numerusform>
            <numerusform>Afficher %n réglages non valides</numerusform>
        </translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Nothing to stack yet</source>
        <translation>Rien à empiler pour l’instant</translation>
    </message>
    <message>
        <source>Stacking {0}</source>
        <translation>Empilement de {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked to {0}</source>
        <translation>
            <numerusform>%n nuit sera empilée dans {0}</numerusform>
            <numerusform>%n nuits seront empilées dans {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Stac&amp;k</source>
        <translation>&amp;Empiler</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Afficher le résultat</translation>
    </message>
    <message>
        <source>Siril s&amp;cripts …</source>
        <translation>S&amp;cripts Siril …</translation>
    </message>
    <message>
        <source>Deta&amp;ils</source>
        <translation>Déta&amp;ils</translation>
    </message>
    <message>
        <source>name of the run; default: time and session</source>
        <translation>nom de l’exécution ; par défaut : heure et session</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>The picture as it grows</source>
        <translation>L’image qui se forme</translation>
    </message>
    <message>
        <source>Field {0} ({1} of {2})</source>
        <translation>Champ {0} ({1} sur {2})</translation>
    </message>
    <message>
        <source>Finished.</source>
        <translation>Terminé.</translation>
    </message>
    <message>
        <source>Finished, but a validation threshold was missed: see the report.</source>
        <translation>Terminé, mais un seuil de validation n’est pas atteint : voir le rapport.</translation>
    </message>
    <message>
        <source>{0} is not stacked: {1}</source>
        <translation>{0} n’est pas empilé : {1}</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Arrêt en cours …</translation>
    </message>
    <message>
        <source>Add a folder of raw frames on the page Start.</source>
        <translation>Ajoutez un dossier d’images brutes sur la page Accueil.</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Reprendre</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>No&amp;m :</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Progression de l’exécution</translation>
    </message>
</context>
<context>
    <name>ScriptsWindow</name>
    <message>
        <source>Writing …</source>
        <translation>Écriture …</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Vérification …</translation>
    </message>
    <message>
        <source>Siril is running the scripts …</source>
        <translation>Siril exécute les scripts …</translation>
    </message>
    <message numerus="yes">
        <source>%n script(s) written.</source>
        <translation>
            <numerusform>%n script écrit.</numerusform>
            <numerusform>%n scripts écrits.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Siril has finished. %n image(s) written.</source>
        <translation>
            <numerusform>Siril a terminé. %n image écrite.</numerusform>
            <numerusform>Siril a terminé. %n images écrites.</numerusform>
        </translation>
    </message>
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
    <message numerus="yes">
        <source>%n error(s) found. Siril would stop there, or ignore the line.</source>
        <translation>
            <numerusform>%n erreur trouvée. Siril s’arrêterait là, ou ignorerait la ligne.</numerusform>
            <numerusform>%n erreurs trouvées. Siril s’arrêterait là, ou ignorerait les lignes.</numerusform>
        </translation>
    </message>
    <message>
        <source>No errors were found.</source>
        <translation>Aucune erreur trouvée.</translation>
    </message>
    <message>
        <source>Aborted.</source>
        <translation>Interrompu.</translation>
    </message>
    <message>
        <source>Choose a folder for the scripts</source>
        <translation>Choisir un dossier pour les scripts</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) in use.</source>
        <translation>
            <numerusform>%n nuit utilisée.</numerusform>
            <numerusform>%n nuits utilisées.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no night in use: add a folder of raw frames to the project first.</source>
        <translation>Aucune nuit n’est utilisée : ajoutez d’abord au projet un dossier d’images brutes.</translation>
    </message>
    <message>
        <source>Siril scripts</source>
        <translation>Scripts Siril</translation>
    </message>
    <message>
        <source>The scripts calibrate, register and stack the nights in use with Siril alone. They follow the settings of the project, as far as Siril has an equivalent, and these options.</source>
        <translation>Les scripts calibrent, alignent et empilent les nuits utilisées avec Siril seul. Ils suivent les réglages du projet, dans la mesure où Siril a un équivalent, et ces options.</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Dossier :</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>&amp;Choisir …</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Ouvrir le dossier</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>É&amp;crire</translation>
    </message>
    <message>
        <source>Chec&amp;k</source>
        <translation>&amp;Vérifier</translation>
    </message>
    <message>
        <source>&amp;Run with Siril</source>
        <translation>Exécuter avec &amp;Siril</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>Scripts, images and problems</source>
        <translation>Scripts, images et problèmes</translation>
    </message>
    <message>
        <source>Progress of Siril</source>
        <translation>Progression de Siril</translation>
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
        <source>Reset to {0}</source>
        <translation>Réinitialiser à {0}</translation>
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
    <name>SettingsPage</name>
    <message numerus="yes">
        <source>%n invalid setting(s): {0}. The last valid value is used.</source>
        <translation>
            <numerusform>%n réglage non valide : {0}. La dernière valeur valide est utilisée.</numerusform>
            <numerusform>%n réglages non valides : {0}. Les dernières valeurs valides sont utilisées.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed by the preset:</source>
        <translation>
            <numerusform>%n réglage modifié par le préréglage :</numerusform>
            <numerusform>%n réglages modifiés par le préréglage :</numerusform>
        </translation>
    </message>
    <message>
        <source>Search all settings and their help</source>
        <translation>Rechercher dans tous les réglages et leur aide</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Rechercher un réglage</translation>
    </message>
    <message>
        <source>&amp;Different from the default</source>
        <translation>&amp;Différents du défaut</translation>
    </message>
    <message>
        <source>&amp;All settings</source>
        <translation>&amp;Tous les réglages</translation>
    </message>
    <message>
        <source>&amp;Undo the preset</source>
        <translation>Ann&amp;uler le préréglage</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Réglage</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Avant</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>Settings that the preset has changed</source>
        <translation>Réglages que le préréglage a modifiés</translation>
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
    <name>StartPage</name>
    <message>
        <source>Choose a night, or a folder of nights</source>
        <translation>Choisir une nuit, ou un dossier de nuits</translation>
    </message>
    <message>
        <source>Choose the folder of darks</source>
        <translation>Choisir le dossier des darks</translation>
    </message>
    <message>
        <source>Choose the folder of flats</source>
        <translation>Choisir le dossier des flats</translation>
    </message>
    <message>
        <source>Add a night first</source>
        <translation>Ajoutez d’abord une nuit</translation>
    </message>
    <message>
        <source>No night is in use</source>
        <translation>Aucune nuit n’est utilisée</translation>
    </message>
    <message numerus="yes">
        <source>%n invalid setting(s)</source>
        <translation>
            <numerusform>%n réglage non valide</numerusform>
            <numerusform>%n réglages non valides</numerusform>
        </translation>
    </message>
    <message>
        <source>A run is in progress</source>
        <translation>Une exécution est en cours</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) to solve</source>
        <translation>
            <numerusform>%n problème à résoudre</numerusform>
            <numerusform>%n problèmes à résoudre</numerusform>
        </translation>
    </message>
    <message>
        <source>What shall be stacked?</source>
        <translation>Que faut-il empiler ?</translation>
    </message>
    <message>
        <source>From raw frames to a picture: open a folder, choose what it is for, press Stack.</source>
        <translation>Des images brutes à l’image : ouvrez un dossier, choisissez le but, appuyez sur Empiler.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) of {0} in use</source>
        <translation>
            <numerusform>%n nuit sur {0} utilisée</numerusform>
            <numerusform>%n nuits sur {0} utilisées</numerusform>
        </translation>
    </message>
    <message>
        <source>Project &amp;details …</source>
        <translation>&amp;Détails du projet …</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Projets récents</translation>
    </message>
    <message>
        <source>Reading the headers</source>
        <translation>Lecture des en-têtes</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Open your night</source>
        <translation>Ouvrez votre nuit</translation>
    </message>
    <message>
        <source>Drop a folder of raw frames into the window. Lights, darks, flats and biases are recognised. What is missing has a button that resolves it.</source>
        <translation>Déposez un dossier d’images brutes dans la fenêtre. Lights, darks, flats et biais sont reconnus. Ce qui manque a un bouton qui le résout.</translation>
    </message>
    <message>
        <source>Press Stack</source>
        <translation>Appuyez sur Empiler</translation>
    </message>
    <message>
        <source>Choose what the picture is for, and press Stack. Everything else has a sensible value; the page Settings has all of them.</source>
        <translation>Choisissez à quoi sert l’image, et appuyez sur Empiler. Tout le reste a une valeur raisonnable ; la page Réglages les montre toutes.</translation>
    </message>
    <message>
        <source>Watch it grow</source>
        <translation>Regardez-la se former</translation>
    </message>
    <message>
        <source>The page Run shows the picture as it grows, the quality of each frame and the time left. You can abort and resume at any time.</source>
        <translation>La page Exécution montre l’image qui se forme, la qualité de chaque pose et le temps restant. Vous pouvez interrompre et reprendre à tout moment.</translation>
    </message>
    <message>
        <source>Make it shine</source>
        <translation>Mettez-la en valeur</translation>
    </message>
    <message>
        <source>The page Results develops the picture, compares it with a single frame, and exports it. Nothing is changed in the linear stack.</source>
        <translation>La page Résultats développe l’image, la compare à une seule pose et l’exporte. Rien n’est changé dans l’empilement linéaire.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Passer</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Tour: {0}</source>
        <translation>Visite : {0}</translation>
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
        <translation>ce projet</translation>
    </message>
    <message numerus="yes">
        <source>Saved. %n invalid setting(s) keep the last valid value.</source>
        <translation>
            <numerusform>Enregistré. %n réglage non valide garde sa dernière valeur valide.</numerusform>
            <numerusform>Enregistré. %n réglages non valides gardent leur dernière valeur valide.</numerusform>
        </translation>
    </message>
    <message>
        <source>A run is in progress</source>
        <translation>Une exécution est en cours</translation>
    </message>
    <message>
        <source>Abort the run? Completed phases are kept, and it can be resumed.</source>
        <translation>Interrompre l’exécution ? Les phases terminées sont conservées, et elle peut être reprise.</translation>
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
        <translation>L’exécution est terminée : {0}</translation>
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
        <translation>E&amp;xécution</translation>
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
        <source>Project &amp;details …</source>
        <translation>&amp;Détails du projet …</translation>
    </message>
    <message>
        <source>&amp;Stack</source>
        <translation>&amp;Empiler</translation>
    </message>
    <message>
        <source>Siril s&amp;cripts …</source>
        <translation>S&amp;cripts Siril …</translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation>&amp;Visite guidée</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>A&amp;ccueil</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
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
        <source>&amp;Light</source>
        <translation>&amp;Clair</translation>
    </message>
    <message>
        <source>As &amp;system</source>
        <translation>Comme le &amp;système</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Sombre</translation>
    </message>
    <message>
        <source>Fra&amp;mes</source>
        <translation>I&amp;mages</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>Ré&amp;glages</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>Exéc&amp;ution</translation>
    </message>
    <message>
        <source>Resul&amp;ts</source>
        <translation>&amp;Résultats</translation>
    </message>
</context>
<context>
    <name>WorkerClient</name>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Le programme {0} n’a pas pu être lancé.</translation>
    </message>
    <message>
        <source>Reinstall it.</source>
        <translation>Réinstallez-le.</translation>
    </message>
    <message>
        <source>The process ended unexpectedly. Its last output: {0}</source>
        <translation>Le processus s’est arrêté de façon inattendue. Sa dernière sortie : {0}</translation>
    </message>
    <message>
        <source>Completed phases are kept; resume the run.</source>
        <translation>Les phases terminées sont conservées ; reprenez l’exécution.</translation>
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
        <translation>Les lights ont plusieurs filtres : {counts}. Chacun est empilé, et les empilements sont combinés en {palette}.</translation>
    </message>
    <message>
        <source>It has no darks, and no other night has suitable ones: dark current and amplifier glow remain.</source>
        <translation>Elle n’a pas de darks, et aucune autre nuit n’en a qui conviennent : le courant d’obscurité et l’électroluminescence restent.</translation>
    </message>
    <message>
        <source>Add darks to {path}, or to a night with the same camera settings.</source>
        <translation>Ajoutez des darks à {path}, ou à une nuit aux mêmes réglages de caméra.</translation>
    </message>
    <message>
        <source>It has no flats, and no other night has suitable ones: vignetting and dust remain.</source>
        <translation>Elle n’a pas de flats, et aucune autre nuit n’en a qui conviennent : le vignettage et les poussières restent.</translation>
    </message>
    <message>
        <source>Add flats to {path}, or to a night with the same camera settings.</source>
        <translation>Ajoutez des flats à {path}, ou à une nuit aux mêmes réglages de caméra.</translation>
    </message>
    <message>
        <source>The project has no nights.</source>
        <translation>Le projet n’a pas de nuits.</translation>
    </message>
    <message>
        <source>Add one: orchestrate project add {folder} FOLDER</source>
        <translation>Ajoutez-en une : orchestrate project add {folder} DOSSIER</translation>
    </message>
    <message>
        <source>{path} looks like a night, but is not in the project.</source>
        <translation>{path} ressemble à une nuit, mais n’est pas dans le projet.</translation>
    </message>
    <message>
        <source>Add it: orchestrate project add {folder} &apos;{path}&apos;</source>
        <translation>Ajoutez-la : orchestrate project add {folder} &apos;{path}&apos;</translation>
    </message>
    <message>
        <source>The project folder is not writable.</source>
        <translation>Le dossier du projet n’est pas accessible en écriture.</translation>
    </message>
    <message>
        <source>Choose another location for runs and results with --runs-dir.</source>
        <translation>Choisissez un autre emplacement pour les exécutions et les résultats avec --runs-dir.</translation>
    </message>
    <message>
        <source>The master library is {path}.</source>
        <translation>La bibliothèque de masters est {path}.</translation>
    </message>
    <message>
        <source>{path} is on read-only storage: that is fine, frames are never written to.</source>
        <translation>{path} est sur un support en lecture seule : cela convient, rien n’est jamais écrit dans les images.</translation>
    </message>
    <message>
        <source>The nights have {count} lights in total, {needed} are needed.</source>
        <translation>Les nuits ont {count} lights en tout, il en faut {needed}.</translation>
    </message>
    <message>
        <source>Add frames, or set input.allow_emergency_mode.</source>
        <translation>Ajoutez des images, ou activez input.allow_emergency_mode.</translation>
    </message>
    <message>
        <source>No night is in use.</source>
        <translation>Aucune nuit n’est utilisée.</translation>
    </message>
    <message>
        <source>Set use: true for at least one.</source>
        <translation>Mettez use: true pour au moins une nuit.</translation>
    </message>
    <message>
        <source>It points {apart} degrees away from {other}: frames that do not overlap the reference are left out.</source>
        <translation>Elle pointe à {apart} degrés de {other} : les images qui ne recouvrent pas la référence sont laissées de côté.</translation>
    </message>
    <message>
        <source>Create a separate project for another object.</source>
        <translation>Créez un projet séparé pour un autre objet.</translation>
    </message>
    <message>
        <source>The lights show several objects; {chosen} is stacked, not {others}. Choose with --set input.field=NAME.</source>
        <translation>Les lights montrent plusieurs objets ; {chosen} est empilé, pas {others}. Choisissez avec --set input.field=NOM.</translation>
    </message>
    <message>
        <source>The lights differ in exposure ({listing}); they are scaled to a common level.</source>
        <translation>Les lights ont des poses différentes ({listing}) ; elles sont mises à un niveau commun.</translation>
    </message>
    <message>
        <source>The lights are already debayered; their three colours are stacked as they are.</source>
        <translation>Les lights sont déjà dématricés ; leurs trois couleurs sont empilées telles quelles.</translation>
    </message>
    <message>
        <source>{count} {role} frames of {origin} are used{how}.</source>
        <translation>{count} images ({role}) de {origin} sont utilisées{how}.</translation>
    </message>
    <message>
        <source>The master {role} {name} comes from {origin}{how}.</source>
        <translation>Le master {name} ({role}) vient de {origin}{how}.</translation>
    </message>
</context>
<context>
    <name>phases</name>
    <message>
        <source>reading the headers</source>
        <translation>lecture des en-têtes</translation>
    </message>
    <message>
        <source>calibrating</source>
        <translation>calibration</translation>
    </message>
    <message>
        <source>aligning the frames</source>
        <translation>alignement des images</translation>
    </message>
    <message>
        <source>planning the canvas</source>
        <translation>préparation du cadre</translation>
    </message>
    <message>
        <source>choosing the channels</source>
        <translation>choix des canaux</translation>
    </message>
    <message>
        <source>matching the brightness</source>
        <translation>égalisation de la luminosité</translation>
    </message>
    <message>
        <source>scoring the frames</source>
        <translation>notation des images</translation>
    </message>
    <message>
        <source>planning the tiles</source>
        <translation>préparation des tuiles</translation>
    </message>
    <message>
        <source>measuring the overlap</source>
        <translation>mesure du recouvrement</translation>
    </message>
    <message>
        <source>weighting each tile</source>
        <translation>pondération de chaque tuile</translation>
    </message>
    <message>
        <source>stacking</source>
        <translation>empilement</translation>
    </message>
    <message>
        <source>grouping the frames</source>
        <translation>groupement des images</translation>
    </message>
    <message>
        <source>averaging the groups</source>
        <translation>moyenne des groupes</translation>
    </message>
    <message>
        <source>writing the stack</source>
        <translation>écriture de l’empilement</translation>
    </message>
    <message>
        <source>demosaicing the stack</source>
        <translation>dématriçage de l’empilement</translation>
    </message>
    <message>
        <source>plate solving</source>
        <translation>résolution astrométrique</translation>
    </message>
    <message>
        <source>removing the gradient</source>
        <translation>suppression du gradient</translation>
    </message>
    <message>
        <source>calibrating the colours</source>
        <translation>calibration des couleurs</translation>
    </message>
    <message>
        <source>making the preview</source>
        <translation>création de l’aperçu</translation>
    </message>
    <message>
        <source>checking the result</source>
        <translation>contrôle du résultat</translation>
    </message>
    <message>
        <source>combining the filters</source>
        <translation>combinaison des filtres</translation>
    </message>
    <message>
        <source>writing the report</source>
        <translation>écriture du rapport</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Which frames are used, and how many are enough.</source>
        <translation>Quelles images sont utilisées, et combien suffisent.</translation>
    </message>
    <message>
        <source>auto: a mosaic is found from the pointing of the frames. single: one pointing. mosaic: a mosaic, also of single frames. master_tiles: the lights are finished stacks of the panels (docs/MOSAICS.md).</source>
        <translation>auto : une mosaïque est reconnue au pointage des images. single : un seul pointage. mosaic : une mosaïque, même d’images isolées. master_tiles : les images sont des empilements achevés des panneaux (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Use only lights taken through this filter (name as in the header or file name).</source>
        <translation>N’utiliser que les brutes prises avec ce filtre (nom comme dans l’en-tête ou le nom de fichier).</translation>
    </message>
    <message>
        <source>Use only lights of this object.</source>
        <translation>N’utiliser que les brutes de cet objet.</translation>
    </message>
    <message>
        <source>CFA pattern, as BAYERPAT would name it; auto reads BAYERPAT and ROWORDER.</source>
        <translation>Motif CFA, dans la notation de BAYERPAT ; auto lit BAYERPAT et ROWORDER.</translation>
    </message>
    <message>
        <source>The run ends if fewer lights are usable.</source>
        <translation>L’exécution s’arrête si moins de brutes sont utilisables.</translation>
    </message>
    <message>
        <source>With fewer lights there are no clusters (reduced mode).</source>
        <translation>Avec moins de brutes, aucun groupe n’est formé (mode réduit).</translation>
    </message>
    <message>
        <source>Continue with fewer than min_frames lights.</source>
        <translation>Continuer avec moins de min_frames brutes.</translation>
    </message>
    <message>
        <source>Required free disk space as a multiple of the expected size of the run.</source>
        <translation>Espace disque libre requis, en multiple de la taille attendue de l’exécution.</translation>
    </message>
    <message>
        <source>Properties of cameras and telescopes (YAML, as devices.yaml) for incomplete headers; None looks in the configuration folder.</source>
        <translation>Propriétés des caméras et télescopes (YAML, comme devices.yaml) pour les en-têtes incomplets ; vide : recherche dans le dossier de configuration.</translation>
    </message>
    <message>
        <source>Largest temperature difference between darks and lights in deg C.</source>
        <translation>Plus grand écart de température entre darks et brutes en °C.</translation>
    </message>
    <message>
        <source>Largest difference in rotator angle between flats and lights in degrees.</source>
        <translation>Plus grand écart d’angle du rotateur entre flats et brutes en degrés.</translation>
    </message>
    <message>
        <source>Nights that are calibrated with their own masters and stacked together (set by projects).</source>
        <translation>Nuits calibrées avec leurs propres masters et empilées ensemble (défini par les projets).</translation>
    </message>
    <message>
        <source>A night that lacks suitable calibration frames borrows them from another night.</source>
        <translation>Une nuit sans images de calibration adaptées emprunte celles d’une autre nuit.</translation>
    </message>
    <message>
        <source>The engine that calibrates and registers.</source>
        <translation>Le moteur qui calibre et aligne.</translation>
    </message>
    <message>
        <source>auto uses Siril 1.4 or newer if it is installed, otherwise the native engine.</source>
        <translation>auto utilise Siril 1.4 ou plus récent s’il est installé, sinon le moteur interne (native).</translation>
    </message>
    <message>
        <source>Path of siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.</source>
        <translation>Chemin de siril-cli ; vide : recherche dans SIRIL_CLI, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>transforms: Siril calibrates and registers; frames are warped as they are read. frames: Siril exports registered frames.</source>
        <translation>transforms : Siril calibre et aligne ; les images sont transformées à la lecture. frames : Siril exporte les images alignées.</translation>
    </message>
    <message>
        <source>Folder with custom templates for Siril scripts; each replaces the built-in one of the same name.</source>
        <translation>Dossier de modèles personnalisés pour les scripts Siril ; chacun remplace le modèle intégré du même nom.</translation>
    </message>
    <message>
        <source>Time limit for one script in seconds.</source>
        <translation>Durée maximale d’un script en secondes.</translation>
    </message>
    <message>
        <source>If Siril fails, continue with the native engine.</source>
        <translation>Si Siril échoue, continuer avec le moteur interne (native).</translation>
    </message>
    <message>
        <source>Masters and cosmetic correction.</source>
        <translation>Masters et correction cosmétique.</translation>
    </message>
    <message>
        <source>Master bias file, or a folder of bias frames.</source>
        <translation>Fichier master offset, ou un dossier d’offsets.</translation>
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
        <source>Folder of masters shared by all sessions; None looks in ORCHESTRATE_MASTERS.</source>
        <translation>Dossier de masters communs à toutes les sessions ; vide : recherche dans ORCHESTRATE_MASTERS.</translation>
    </message>
    <message>
        <source>Save the masters made by a run in the library.</source>
        <translation>Enregistrer les masters d’une exécution dans la bibliothèque.</translation>
    </message>
    <message>
        <source>Constant bias level in ADU, used if there are no bias frames.</source>
        <translation>Niveau d’offset constant en ADU, utilisé en l’absence d’offsets.</translation>
    </message>
    <message>
        <source>Scale the dark so that the noise is smallest (needs a bias).</source>
        <translation>Ajuster le dark pour minimiser le bruit (nécessite un offset).</translation>
    </message>
    <message>
        <source>Normalise the flat for each CFA colour, so that it does not change colours.</source>
        <translation>Normaliser le flat pour chaque couleur CFA, afin qu’il ne modifie pas les couleurs.</translation>
    </message>
    <message>
        <source>Replace bad pixels by the median of neighbours of the same colour.</source>
        <translation>Remplacer les pixels défectueux par la médiane des voisins de même couleur.</translation>
    </message>
    <message>
        <source>Sensor pattern that is measured in the lights and subtracted: auto (without darks: warm pixels, columns and rows), pixels, lines, all (amplifier glow too), none.</source>
        <translation>Motif du capteur mesuré dans les brutes et soustrait : auto (sans darks : pixels tièdes, colonnes et lignes), pixels, lines, all (aussi l’électroluminescence), none.</translation>
    </message>
    <message>
        <source>Number of lights, spread over the session, used to measure the fixed pattern.</source>
        <translation>Nombre de brutes, réparties sur la session, utilisées pour mesurer le motif fixe.</translation>
    </message>
    <message>
        <source>Winsorized sigma clipping threshold for masters, in sigma.</source>
        <translation>Seuil du rejet sigma winsorisé pour les masters, en sigma.</translation>
    </message>
    <message>
        <source>auto (the best light), first, or the file name of the reference light.</source>
        <translation>auto (le meilleur light), first (le premier) ou le nom de fichier du light de référence.</translation>
    </message>
    <message>
        <source>Use the transforms of another run (its artifacts/registration.json).</source>
        <translation>Utiliser les transformations d’une autre exécution (son artifacts/registration.json).</translation>
    </message>
    <message>
        <source>Make the stack on the pixel grid of another run (its artifacts/geometry.json).</source>
        <translation>Créer l’empilement sur la grille de pixels d’une autre exécution (son artifacts/geometry.json).</translation>
    </message>
    <message>
        <source>Fewest stars that must agree with a transform (or a third of those matched).</source>
        <translation>Nombre minimal d’étoiles en accord avec une transformation (ou un tiers des étoiles appariées).</translation>
    </message>
    <message>
        <source>Largest rms residual of the stars in px.</source>
        <translation>Plus grand résidu RMS des étoiles en px.</translation>
    </message>
    <message>
        <source>Largest relative difference in scale from the reference.</source>
        <translation>Plus grand écart relatif d’échelle avec la référence.</translation>
    </message>
    <message>
        <source>Star detection threshold in sigma of the noise.</source>
        <translation>Seuil de détection des étoiles en sigma du bruit.</translation>
    </message>
    <message>
        <source>Number of brightest stars used.</source>
        <translation>Nombre d’étoiles les plus brillantes utilisées.</translation>
    </message>
    <message>
        <source>Largest canvas area as a multiple of the area of a frame.</source>
        <translation>Plus grande surface du canevas, en multiple de celle d’une image.</translation>
    </message>
    <message>
        <source>Interpolation used to warp frames.</source>
        <translation>Interpolation utilisée pour transformer les images.</translation>
    </message>
    <message>
        <source>The pixel grid of the stack.</source>
        <translation>La grille de pixels de l’empilement.</translation>
    </message>
    <message>
        <source>auto: the reference frame; the union for a mosaic or a field with large rotation.</source>
        <translation>auto : l’image de référence ; l’union pour une mosaïque ou un champ à forte rotation.</translation>
    </message>
    <message>
        <source>coverage: crop to the largest rectangle covered by frames with at least min_coverage of the information. auto: coverage with 0.5 where the union was chosen automatically; for a mosaic, its panels without thin rims.</source>
        <translation>coverage : recadrer sur le plus grand rectangle couvert par des images ayant au moins min_coverage de l’information. auto : coverage avec 0.5 si l’union a été choisie automatiquement ; pour une mosaïque, ses panneaux sans bords minces.</translation>
    </message>
    <message>
        <source>Width in px that is cut off of the canvas on all four sides, unless another run or a header gives the canvas.</source>
        <translation>Largeur en px coupée sur les quatre côtés du canevas, sauf si une autre exécution ou un en-tête donne le canevas.</translation>
    </message>
    <message>
        <source>Width in px over which frame borders fade in.</source>
        <translation>Largeur en px du fondu aux bords des images.</translation>
    </message>
    <message>
        <source>Pixel scale in arcsec; None: that of the reference.</source>
        <translation>Échelle des pixels en secondes d’arc ; None : celle de la référence.</translation>
    </message>
    <message>
        <source>Turn north up.</source>
        <translation>Orienter le nord vers le haut.</translation>
    </message>
    <message>
        <source>auto: the middle of the frames. Otherwise right ascension and declination in degrees, as 83.8 -5.4.</source>
        <translation>auto : le milieu des images. Sinon l’ascension droite et la déclinaison en degrés, par exemple 83.8 -5.4.</translation>
    </message>
    <message>
        <source>FITS file, or text file with the cards of a header, whose WCS and size are those of the canvas.</source>
        <translation>Fichier FITS, ou fichier texte avec les cartes d’un en-tête, dont le WCS et la taille sont ceux du canevas.</translation>
    </message>
    <message>
        <source>Quality crop of master tiles: noisy rims of the stack of each panel are cut off.</source>
        <translation>Recadrage de qualité des tuiles maîtresses : les bords bruités de l’empilement de chaque panneau sont coupés.</translation>
    </message>
    <message>
        <source>Cut off the rims of master tiles that are noisier than the rest, of those written and of those read.</source>
        <translation>Couper les bords des tuiles maîtresses plus bruités que le reste, de celles qui sont écrites et de celles qui sont lues.</translation>
    </message>
    <message>
        <source>Width in px of the bands in which the noise is measured.</source>
        <translation>Largeur en px des bandes dans lesquelles le bruit est mesuré.</translation>
    </message>
    <message>
        <source>A band is poor if its noise exceeds that of the tile by this multiple of its scatter.</source>
        <translation>Une bande est mauvaise si son bruit dépasse celui de la tuile de ce multiple de la dispersion.</translation>
    </message>
    <message>
        <source>Number of good bands in a row at which the rim ends.</source>
        <translation>Nombre de bonnes bandes consécutives où le bord s’arrête.</translation>
    </message>
    <message>
        <source>Width in px that is cut off in addition, on all four sides of the tile.</source>
        <translation>Largeur en px coupée en plus, sur les quatre côtés de la tuile.</translation>
    </message>
    <message>
        <source>photometric: by star fluxes. background: by the sky level only.</source>
        <translation>photometric : d’après les flux des étoiles. background : d’après le niveau du ciel seulement.</translation>
    </message>
    <message>
        <source>With fewer matched stars, transparency comes from the exposure time only.</source>
        <translation>Avec moins d’étoiles appariées, la transparence n’est déduite que du temps de pose.</translation>
    </message>
    <message>
        <source>Order of the polynomial surface fitted to the sky of each frame.</source>
        <translation>Degré de la surface polynomiale ajustée au ciel de chaque image.</translation>
    </message>
    <message>
        <source>Largest tile: the shorter side of the frame divided by this.</source>
        <translation>Plus grande tuile : le petit côté de l’image divisé par cette valeur.</translation>
    </message>
    <message>
        <source>Overlap of neighbouring tiles as a fraction of their size.</source>
        <translation>Recouvrement des tuiles voisines, en fraction de leur taille.</translation>
    </message>
    <message>
        <source>Quality scores of frames and tiles.</source>
        <translation>Notes de qualité des images et des tuiles.</translation>
    </message>
    <message>
        <source>Weight of a low background; the three weights add up to 1.</source>
        <translation>Poids d’un fond de ciel bas ; la somme des trois poids est 1.</translation>
    </message>
    <message>
        <source>Weight of high gradient energy (sharpness).</source>
        <translation>Poids d’une forte énergie de gradient (netteté).</translation>
    </message>
    <message>
        <source>Make the weights proportional to the variance of each score.</source>
        <translation>Poids proportionnels à la variance de chaque note.</translation>
    </message>
    <message>
        <source>Fewest stars for which a tile is scored by its stars.</source>
        <translation>Nombre minimal d’étoiles pour qu’une tuile soit notée d’après ses étoiles.</translation>
    </message>
    <message>
        <source>The weight of each frame in each tile.</source>
        <translation>Le poids de chaque image dans chaque tuile.</translation>
    </message>
    <message>
        <source>best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. quality: the sharpest frames dominate. uniform: equal weights.</source>
        <translation>best : le plus d’information sur les étoiles. psf_snr : plus net, un peu moins d’information. snr : lumière étendue faible. quality : les images les plus nettes dominent. uniform : poids égaux.</translation>
    </message>
    <message>
        <source>quality: soften the exponent until this fraction of the information is kept.</source>
        <translation>quality : adoucir l’exposant jusqu’à conserver cette fraction de l’information.</translation>
    </message>
    <message>
        <source>False: one weight for each whole frame.</source>
        <translation>Désactivé : un seul poids par image entière.</translation>
    </message>
    <message>
        <source>Which lights are stacked; all by default, since poor frames get low weights. The report lists those left out and why.</source>
        <translation>Quelles brutes sont empilées ; toutes par défaut, car les mauvaises images reçoivent un poids faible. Le rapport indique celles qui sont écartées et pourquoi.</translation>
    </message>
    <message>
        <source>Keep this fraction of the lights, the best by score (G of GLOBAL_METRICS).</source>
        <translation>Garder cette fraction des brutes, les meilleures selon la note (G de GLOBAL_METRICS).</translation>
    </message>
    <message>
        <source>Keep only lights that meet a condition, e.g. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</source>
        <translation>Ne garder que les brutes qui remplissent une condition, p. ex. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</translation>
    </message>
    <message>
        <source>Rejection of outliers.</source>
        <translation>Rejet des valeurs aberrantes.</translation>
    </message>
    <message>
        <source>Method that rejects satellites, aircraft and cosmic rays.</source>
        <translation>Méthode de rejet des satellites, des avions et des rayons cosmiques.</translation>
    </message>
    <message>
        <source>Low threshold in sigma (percentile: in percent).</source>
        <translation>Seuil bas en sigma (percentile : en pour cent).</translation>
    </message>
    <message>
        <source>High threshold in sigma (percentile: in percent).</source>
        <translation>Seuil haut en sigma (percentile : en pour cent).</translation>
    </message>
    <message>
        <source>Largest number of iterations of the iterative methods.</source>
        <translation>Nombre maximal d’itérations des méthodes itératives.</translation>
    </message>
    <message>
        <source>eta: fraction of the local contrast that is added to the noise, which protects star cores.</source>
        <translation>eta : fraction du contraste local ajoutée au bruit, ce qui protège le cœur des étoiles.</translation>
    </message>
    <message>
        <source>Radius in px by which rejected regions are enlarged.</source>
        <translation>Rayon en px dont les régions rejetées sont agrandies.</translation>
    </message>
    <message>
        <source>Fewest frames that rejection leaves at a pixel.</source>
        <translation>Nombre minimal d’images que le rejet laisse pour un pixel.</translation>
    </message>
    <message>
        <source>Detect trails of satellites and aircraft and reject them over their full width, faint ones too.</source>
        <translation>Détecter les traînées de satellites et d’avions et les rejeter sur toute leur largeur, même faibles.</translation>
    </message>
    <message>
        <source>Frames excluded by hand, everywhere or in the tiles that overlap a box, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</source>
        <translation>Images exclues à la main, partout ou dans les tuiles qui recouvrent un rectangle, p. ex. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</translation>
    </message>
    <message>
        <source>Largest number of frames compared with each other; larger sessions are split into groups, each spread over the whole session, which bounds memory and cost.</source>
        <translation>Nombre maximal d’images comparées entre elles ; les sessions plus grandes sont divisées en groupes, chacun réparti sur toute la session, ce qui limite la mémoire et le temps de calcul.</translation>
    </message>
    <message>
        <source>When a finished run is resumed after lights were added: keep transforms, scales and weights of the lights in its stack, and add the new ones to it instead of stacking all again.</source>
        <translation>Quand une exécution terminée est reprise après l&apos;ajout de brutes : garder les transformations, échelles et poids des brutes de son empilement, et y ajouter les nouvelles au lieu de tout empiler à nouveau.</translation>
    </message>
    <message>
        <source>How the frames are combined.</source>
        <translation>Comment les images sont combinées.</translation>
    </message>
    <message>
        <source>proper: FWHM of all stars in the stack in px; auto: the smallest that does not raise the noise.</source>
        <translation>proper : FWHM de toutes les étoiles de l’empilement en px ; auto : la plus petite qui n’augmente pas le bruit.</translation>
    </message>
    <message>
        <source>drizzle: output pixels per input pixel along each axis.</source>
        <translation>drizzle : pixels de sortie par pixel d’entrée sur chaque axe.</translation>
    </message>
    <message>
        <source>drizzle: size of a drop as a fraction of the input pixel.</source>
        <translation>drizzle : taille d’une goutte, en fraction du pixel d’entrée.</translation>
    </message>
    <message>
        <source>drizzle: kernel; square is exact.</source>
        <translation>drizzle : noyau ; square est exact.</translation>
    </message>
    <message>
        <source>Clusters of similar frames, and synthetic frames.</source>
        <translation>Groupes d’images similaires, et images synthétiques.</translation>
    </message>
    <message>
        <source>Cluster frames with similar sky conditions and stack one synthetic frame per cluster.</source>
        <translation>Regrouper les images de conditions de ciel similaires et empiler une image synthétique par groupe.</translation>
    </message>
    <message>
        <source>Weights in synthetic frames: one per frame (global) or one per tile.</source>
        <translation>Poids dans les images synthétiques : un par image (global) ou un par tuile.</translation>
    </message>
    <message>
        <source>Weight of a synthetic frame: by its information or by its quality.</source>
        <translation>Poids d’une image synthétique : selon son information ou sa qualité.</translation>
    </message>
    <message>
        <source>quality: largest weight as a multiple of the median weight.</source>
        <translation>quality : plus grand poids, en multiple du poids médian.</translation>
    </message>
    <message>
        <source>Seed of the random numbers; the same seed gives the same clusters.</source>
        <translation>Graine des nombres aléatoires ; la même graine donne les mêmes groupes.</translation>
    </message>
    <message>
        <source>When and how CFA frames are debayered.</source>
        <translation>Quand et comment les images CFA sont dématricées.</translation>
    </message>
    <message>
        <source>last: stack the CFA mosaic, debayer once. first: debayer each frame. superpixel: each 2x2 cell becomes a pixel. none: the stack stays a CFA mosaic.</source>
        <translation>last : empiler la mosaïque CFA, dématricer une fois. first : dématricer chaque image. superpixel : chaque cellule 2x2 devient un pixel. none : l’empilement reste une mosaïque CFA.</translation>
    </message>
    <message>
        <source>Debayer algorithm; superpixel halves the size, siril uses the RCD of Siril.</source>
        <translation>Algorithme de dématriçage ; superpixel divise la taille par deux, siril utilise le RCD de Siril.</translation>
    </message>
    <message>
        <source>Plate solving of the stack, and the checks of its solution.</source>
        <translation>Astrométrie de l’empilement, et vérification de la solution.</translation>
    </message>
    <message>
        <source>Plate solver; auto tries the installed solvers that have a star catalog.</source>
        <translation>Solveur astrométrique ; auto essaie les solveurs installés qui ont un catalogue d’étoiles.</translation>
    </message>
    <message>
        <source>Right ascension of the field in degrees; None: from the header or the object.</source>
        <translation>Ascension droite du champ en degrés ; vide : d’après l’en-tête ou l’objet.</translation>
    </message>
    <message>
        <source>Pixel scale of the stack in arcsec/px; None: from focal length and pixel size.</source>
        <translation>Échantillonnage de l’empilement en secondes d’arc/px ; vide : d’après la focale et la taille des pixels.</translation>
    </message>
    <message>
        <source>Focal length in mm, if the header has none or a wrong one.</source>
        <translation>Focale en mm, si l’en-tête n’en a pas ou en a une fausse.</translation>
    </message>
    <message>
        <source>Pixel size of the stack in micrometres, if the header has none.</source>
        <translation>Taille des pixels de l’empilement en micromètres, si l’en-tête n’en a pas.</translation>
    </message>
    <message>
        <source>First search radius around the expected position in degrees.</source>
        <translation>Premier rayon de recherche autour de la position attendue en degrés.</translation>
    </message>
    <message>
        <source>Largest search radius in degrees before the whole sky is searched.</source>
        <translation>Plus grand rayon de recherche en degrés avant de chercher dans tout le ciel.</translation>
    </message>
    <message>
        <source>Search the whole sky if the expected position is wrong or unknown.</source>
        <translation>Chercher dans tout le ciel si la position attendue est fausse ou inconnue.</translation>
    </message>
    <message>
        <source>Describe optical distortion with SIP polynomials.</source>
        <translation>Décrire la distorsion optique par des polynômes SIP.</translation>
    </message>
    <message>
        <source>Fewest detected stars for which a solver is started.</source>
        <translation>Nombre minimal d’étoiles détectées pour lancer un solveur.</translation>
    </message>
    <message>
        <source>Largest rms distance of stars from their catalog positions in px.</source>
        <translation>Plus grand écart RMS des étoiles à leurs positions de catalogue en px.</translation>
    </message>
    <message>
        <source>Time limit for one attempt of a solver in seconds.</source>
        <translation>Durée maximale d’un essai d’un solveur en secondes.</translation>
    </message>
    <message>
        <source>Time in seconds after which no further search is started.</source>
        <translation>Durée en secondes après laquelle aucune nouvelle recherche n’est lancée.</translation>
    </message>
    <message>
        <source>Attempts with a solver that crashes or times out before the next solver is tried.</source>
        <translation>Essais d’un solveur qui plante ou dépasse la durée maximale avant d’essayer le suivant.</translation>
    </message>
    <message>
        <source>Pause before the second attempt in seconds; doubled before each further one.</source>
        <translation>Pause avant le deuxième essai en secondes ; doublée avant chaque essai suivant.</translation>
    </message>
    <message>
        <source>Largest number of instances of one solver running at the same time.</source>
        <translation>Nombre maximal d’instances d’un solveur en cours simultanément.</translation>
    </message>
    <message>
        <source>Shortest time between two starts of a solver in seconds.</source>
        <translation>Durée minimale entre deux lancements d’un solveur en secondes.</translation>
    </message>
    <message>
        <source>Star catalog (Parquet, CSV, FITS) used to verify the solution.</source>
        <translation>Catalogue d’étoiles (Parquet, CSV, FITS) utilisé pour vérifier la solution.</translation>
    </message>
    <message>
        <source>Path of astap_cli; None looks in ASTAP_EXE, PATH and the usual folders.</source>
        <translation>Chemin d’astap_cli ; vide : recherche dans ASTAP_EXE, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>Folder of the ASTAP star databases.</source>
        <translation>Dossier des bases d’étoiles d’ASTAP.</translation>
    </message>
    <message>
        <source>ASTAP database, such as d50; None: the deepest suitable one.</source>
        <translation>Base ASTAP, comme d50 ; vide : la plus profonde qui convient.</translation>
    </message>
    <message>
        <source>Local Gaia catalog of Siril; None: as set in Siril.</source>
        <translation>Catalogue Gaia local de Siril ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Path of solve-field (astrometry.net); None looks on PATH.</source>
        <translation>Chemin de solve-field (astrometry.net) ; vide : recherche dans PATH.</translation>
    </message>
    <message>
        <source>Folder of the astrometry.net index files.</source>
        <translation>Dossier des fichiers d’index d’astrometry.net.</translation>
    </message>
    <message>
        <source>Background extraction: removes gradients, preserves star fluxes and nebulae.</source>
        <translation>Extraction du gradient : retire les gradients, préserve les flux des étoiles et les nébuleuses.</translation>
    </message>
    <message>
        <source>Remove the sky gradient.</source>
        <translation>Retirer le gradient du ciel.</translation>
    </message>
    <message>
        <source>auto: the autotune chooses one of the four native methods; siril: subsky of Siril; graxpert: the GraXpert command line.</source>
        <translation>auto : le réglage automatique choisit l’une des quatre méthodes internes ; siril : subsky de Siril ; graxpert : la ligne de commande de GraXpert.</translation>
    </message>
    <message>
        <source>Order of the polynomial (siril too); starting point of the autotune.</source>
        <translation>Degré du polynôme (siril aussi) ; point de départ du réglage automatique.</translation>
    </message>
    <message>
        <source>Smoothing (lambda) of spline and rbf (graxpert: 0 to 1).</source>
        <translation>Lissage (lambda) de spline et rbf (graxpert : 0 à 1).</translation>
    </message>
    <message>
        <source>mesh: range of a node in cells.</source>
        <translation>mesh : portée d’un nœud en cellules.</translation>
    </message>
    <message>
        <source>Quantile of the source-free pixels from which the sky level of a tile is estimated.</source>
        <translation>Quantile des pixels sans source dont est estimé le niveau du ciel d’une tuile.</translation>
    </message>
    <message>
        <source>Choose order or smoothing by cross-validation.</source>
        <translation>Choisir le degré ou le lissage par validation croisée.</translation>
    </message>
    <message>
        <source>Largest number of candidates that the autotune tries.</source>
        <translation>Nombre maximal de candidats essayés par le réglage automatique.</translation>
    </message>
    <message>
        <source>Autotune: weight of the residual.</source>
        <translation>Réglage automatique : poids du résidu.</translation>
    </message>
    <message>
        <source>Autotune: weight of the roughness of the model.</source>
        <translation>Réglage automatique : poids de la rugosité du modèle.</translation>
    </message>
    <message>
        <source>Largest scatter in mmag that background extraction may add to star flux ratios.</source>
        <translation>Plus grande dispersion en mmag que l’extraction du gradient peut ajouter aux rapports de flux des étoiles.</translation>
    </message>
    <message>
        <source>Subtract only what can be a gradient: a model that may follow a nebula or a galaxy is replaced by a plane, or nothing is subtracted. False: always subtract the chosen model. Native methods only.</source>
        <translation>Ne soustraire que ce qui peut être un gradient : un modèle qui pourrait suivre une nébuleuse ou une galaxie est remplacé par un plan, ou rien n&apos;est soustrait. False : toujours soustraire le modèle choisi. Méthodes natives seulement.</translation>
    </message>
    <message>
        <source>Path of GraXpert; None looks in GRAXPERT, PATH and the usual folders.</source>
        <translation>Chemin de GraXpert ; vide : recherche dans GRAXPERT, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>Time limit for an external program in seconds.</source>
        <translation>Durée maximale d’un programme externe en secondes.</translation>
    </message>
    <message>
        <source>Photometric colour calibration: channel gains from star colours.</source>
        <translation>Étalonnage photométrique des couleurs : gains des canaux d’après les couleurs des étoiles.</translation>
    </message>
    <message>
        <source>Calibrate colours with stars.</source>
        <translation>Étalonner les couleurs d’après les étoiles.</translation>
    </message>
    <message>
        <source>auto: a catalog if there is a WCS, otherwise the mean colour of the stars; catalog: only a catalog; siril_*: pcc or spcc of Siril.</source>
        <translation>auto : un catalogue s’il y a un WCS, sinon la couleur moyenne des étoiles ; catalog : seulement un catalogue ; siril_* : pcc ou spcc de Siril.</translation>
    </message>
    <message>
        <source>Separate H-alpha and [O III] of a colour camera instead of calibrating its colours; auto: if the filter in the headers is a dual-band filter.</source>
        <translation>Séparer H-alpha et [O III] d&apos;une caméra couleur au lieu de calibrer ses couleurs ; auto : si le filtre des en-têtes est un filtre double bande.</translation>
    </message>
    <message>
        <source>Names of catalog columns, e.g. {ra: RA_deg, B: blue, V: visual}.</source>
        <translation>Noms des colonnes du catalogue, p. ex. {ra: RA_deg, B: blue, V: visual}.</translation>
    </message>
    <message>
        <source>Without a catalog query Gaia DR3 online (needs astroquery).</source>
        <translation>Sans catalogue, interroger Gaia DR3 en ligne (nécessite astroquery).</translation>
    </message>
    <message>
        <source>White reference: a spectral type, or an average spiral galaxy.</source>
        <translation>Référence de blanc : un type spectral, ou une galaxie spirale moyenne.</translation>
    </message>
    <message>
        <source>Estimate of the local sky of a star.</source>
        <translation>Estimation du ciel local d’une étoile.</translation>
    </message>
    <message>
        <source>Effective wavelengths of red, green and blue of the sensor in nm.</source>
        <translation>Longueurs d’onde effectives du rouge, du vert et du bleu du capteur en nm.</translation>
    </message>
    <message>
        <source>With fewer usable stars the image is left unchanged.</source>
        <translation>Avec moins d’étoiles utilisables, l’image reste inchangée.</translation>
    </message>
    <message>
        <source>Largest residual of the stars in mag.</source>
        <translation>Plus grand résidu des étoiles en mag.</translation>
    </message>
    <message>
        <source>Largest accepted gain; its inverse is the smallest.</source>
        <translation>Plus grand gain accepté ; son inverse est le plus petit.</translation>
    </message>
    <message>
        <source>siril_pcc: local Gaia file (gaia_astrometric.dat); None: as set in Siril.</source>
        <translation>siril_pcc : fichier Gaia local (gaia_astrometric.dat) ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); None: as set in Siril.</source>
        <translation>Dossier des spectres d’étoiles (siril_cat1_healpix8_xpsamp_*.dat) ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Folder siril-spcc-database; None: as set in Siril.</source>
        <translation>Dossier siril-spcc-database ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Colour or mono sensor; None: the camera named in the header, if the database has it.</source>
        <translation>Capteur couleur ou mono ; vide : la caméra nommée dans l’en-tête, si la base la contient.</translation>
    </message>
    <message>
        <source>Filter in front of a colour sensor.</source>
        <translation>Filtre devant un capteur couleur.</translation>
    </message>
    <message>
        <source>Wavelength and bandwidth in nm shown as red, green and blue, instead of filters.</source>
        <translation>Longueur d’onde et largeur de bande en nm affichées en rouge, vert et bleu, au lieu de filtres.</translation>
    </message>
    <message>
        <source>White reference, as named by spcc of Siril.</source>
        <translation>Référence de blanc, telle que nommée par spcc de Siril.</translation>
    </message>
    <message>
        <source>Limits of the final checks; a run that exceeds one ends as validation_failed and keeps its products.</source>
        <translation>Limites des contrôles finaux ; une exécution qui en dépasse une se termine en validation_failed et garde ses produits.</translation>
    </message>
    <message>
        <source>Largest FWHM relative to the plain mean.</source>
        <translation>Plus grande FWHM par rapport à la moyenne simple.</translation>
    </message>
    <message>
        <source>Largest noise in 4 px squares relative to the plain mean.</source>
        <translation>Plus grand bruit dans des carrés de 4 px par rapport à la moyenne simple.</translation>
    </message>
    <message>
        <source>Largest step across tile borders in units of the noise.</source>
        <translation>Plus grand saut aux bords des tuiles en unités du bruit.</translation>
    </message>
    <message>
        <source>Largest scatter of star fluxes against the plain mean in mag.</source>
        <translation>Plus grande dispersion des flux des étoiles par rapport à la moyenne simple en mag.</translation>
    </message>
    <message>
        <source>Largest drift of star fluxes over the field against the plain mean in mag.</source>
        <translation>Plus grande dérive des flux des étoiles dans le champ par rapport à la moyenne simple en mag.</translation>
    </message>
    <message>
        <source>Smallest fraction of the information on point sources that is kept.</source>
        <translation>Plus petite fraction conservée de l’information sur les sources ponctuelles.</translation>
    </message>
    <message>
        <source>Smallest fraction of the information on extended sources that is kept.</source>
        <translation>Plus petite fraction conservée de l’information sur les sources étendues.</translation>
    </message>
    <message>
        <source>Smallest number of effective frames (sum w)^2 / sum w^2 of a tile, as a fraction of the frames there.</source>
        <translation>Plus petit nombre d’images effectives (somme w)^2 / somme w^2 d’une tuile, en fraction de ses images.</translation>
    </message>
    <message>
        <source>Which files are written. Settings of previews never change the linear products.</source>
        <translation>Quels fichiers sont écrits. Les réglages des aperçus ne modifient jamais les produits linéaires.</translation>
    </message>
    <message>
        <source>How the stacks of several filters are combined: auto (LRGB, RGB, SHO or HOO), none, HSO ..., or a linear combination for R, G and B.</source>
        <translation>Comment les empilements de plusieurs filtres sont combinés : auto (LRGB, RGB, SHO ou HOO), none, HSO ..., ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Write stretched pictures: preview.png and preview.tif.</source>
        <translation>Écrire des images étirées : preview.png et preview.tif.</translation>
    </message>
    <message>
        <source>Use one stretch for all channels; always the case after colour calibration.</source>
        <translation>Utiliser le même étirement pour tous les canaux ; toujours le cas après un étalonnage des couleurs.</translation>
    </message>
    <message>
        <source>White balance of a preview without colour calibration. background: neutral sky; bayer: also a neutral mean above the sky.</source>
        <translation>Balance des blancs d’un aperçu sans étalonnage des couleurs. background : ciel neutre ; bayer : aussi une moyenne neutre au-dessus du ciel.</translation>
    </message>
    <message>
        <source>With a WCS, also write a picture with grid and object names.</source>
        <translation>Avec un WCS, écrire aussi une image avec grille et noms d’objets.</translation>
    </message>
    <message>
        <source>Strength of green noise removal (SCNR): 0 none, 1 full.</source>
        <translation>Force de la réduction du bruit vert (SCNR) : 0 aucune, 1 complète.</translation>
    </message>
    <message>
        <source>Colour saturation; 1 leaves it unchanged.</source>
        <translation>Saturation des couleurs ; 1 la laisse inchangée.</translation>
    </message>
    <message>
        <source>Colour matrix: mild or vivid colours, duo_band filters, or a 3x3 matrix whose rows add up to 1.</source>
        <translation>Matrice de couleurs : couleurs douces (mild) ou vives (vivid), filtres duo_band, ou une matrice 3x3 dont la somme de chaque ligne est 1.</translation>
    </message>
    <message>
        <source>Write variance.fits: the variance of each pixel.</source>
        <translation>Écrire variance.fits : la variance de chaque pixel.</translation>
    </message>
    <message>
        <source>Write coverage.fits: the number of frames at each pixel.</source>
        <translation>Écrire coverage.fits : le nombre d’images en chaque pixel.</translation>
    </message>
    <message>
        <source>With several nights, also write a stack of each night on the same canvas.</source>
        <translation>Avec plusieurs nuits, écrire aussi un empilement de chaque nuit sur le même canevas.</translation>
    </message>
    <message>
        <source>Write another copy of the final linear image for other programs, outputs/export.fits: integers in ADU, or floating point with 1.0 = 65535 ADU.</source>
        <translation>Écrire une copie de l’image linéaire finale pour d’autres programmes, outputs/export.fits : entiers en ADU, ou virgule flottante avec 1,0 = 65535 ADU.</translation>
    </message>
    <message>
        <source>Where the colours are in export.fits: first (3, rows, columns) or last (rows, columns, 3), as numpy reads it.</source>
        <translation>Où se trouvent les couleurs dans export.fits : en premier (3, lignes, colonnes) ou en dernier (lignes, colonnes, 3), comme numpy lit le fichier.</translation>
    </message>
    <message>
        <source>Write the final linear image as a HiPS for sky atlases, outputs/hips; needs a WCS and the package reproject (docs/MOSAICS.md).</source>
        <translation>Écrire l’image linéaire finale comme HiPS pour les atlas du ciel, outputs/hips ; il faut un WCS et le paquet reproject (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Write the stack of each panel of a mosaic, cropped to the panel: outputs/master_tiles (docs/MOSAICS.md).</source>
        <translation>Écrire l’empilement de chaque panneau d’une mosaïque, recadré sur le panneau : outputs/master_tiles (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Write outputs/stack_plan.csv: the lights with their panels, to be edited and given as selection.frames.</source>
        <translation>Écrire outputs/stack_plan.csv : les images avec leurs panneaux, à modifier et à donner comme selection.frames.</translation>
    </message>
    <message>
        <source>Write the calibrated lights and their registration for Siril: outputs/calibrated (docs/FORMATS.md).</source>
        <translation>Écrire les lights calibrés et leur alignement pour Siril : outputs/calibrated (docs/FORMATS.md).</translation>
    </message>
    <message>
        <source>Write the synthetic frames of clustering: outputs/synthetic.</source>
        <translation>Écrire les images synthétiques des groupes : outputs/synthetic.</translation>
    </message>
    <message>
        <source>Write the registered lights, on the pixels of the stack: outputs/registered.</source>
        <translation>Écrire les lights alignés, sur les pixels de l&apos;empilement : outputs/registered.</translation>
    </message>
    <message>
        <source>Write artifacts/report.html, report.json and report.md at the end of the run.</source>
        <translation>Écrire artifacts/report.html, report.json et report.md à la fin de l’exécution.</translation>
    </message>
    <message>
        <source>Memory, cores, cache and kept files.</source>
        <translation>Mémoire, cœurs, cache et fichiers conservés.</translation>
    </message>
    <message>
        <source>&quot;auto&quot; (half of the free memory) or a size such as &quot;4 GiB&quot;.</source>
        <translation>« auto » (la moitié de la mémoire libre) ou une taille comme « 4 GiB ».</translation>
    </message>
    <message>
        <source>Number of workers; 0: all cores.</source>
        <translation>Nombre de tâches parallèles ; 0 : tous les cœurs.</translation>
    </message>
    <message>
        <source>How work is spread over workers; the result is the same.</source>
        <translation>Comment le travail est réparti ; le résultat est le même.</translation>
    </message>
    <message>
        <source>gpu: warp, mean and co-addition with CuPy; without a GPU the CPU is used and a warning is shown.</source>
        <translation>gpu : transformation, moyenne et co-addition avec CuPy ; sans GPU, le processeur est utilisé et un avertissement est affiché.</translation>
    </message>
    <message>
        <source>Address of a Dask scheduler (tcp://host:8786); None starts a local cluster.</source>
        <translation>Adresse d’un ordonnanceur Dask (tcp://host:8786) ; vide : un cluster local est lancé.</translation>
    </message>
    <message>
        <source>Keep measurements, transforms and masters in a cache beside the runs, for later runs of the session.</source>
        <translation>Conserver mesures, transformations et masters dans un cache à côté des exécutions, pour les prochaines exécutions de la session.</translation>
    </message>
    <message>
        <source>Rebuild everything in the cache.</source>
        <translation>Reconstruire tout le contenu du cache.</translation>
    </message>
    <message>
        <source>Largest size of the cache; the least recently used entries are deleted first.</source>
        <translation>Taille maximale du cache ; les entrées les moins récemment utilisées sont supprimées en premier.</translation>
    </message>
    <message>
        <source>Keep the arrays of the stack, so that `resume --from-phase STACKING` does not have to reconstruct it.</source>
        <translation>Conserver les tableaux de l’empilement, pour que `resume --from-phase STACKING` n’ait pas à le reconstruire.</translation>
    </message>
    <message>
        <source>While a run works, report the measurements of its frames as events, and draw their mean so far: artifacts/growing.png. The window sets this.</source>
        <translation>Pendant une exécution, signaler les mesures de ses images comme événements, et dessiner leur moyenne jusqu’ici : artifacts/growing.png. La fenêtre active ce réglage.</translation>
    </message>
    <message>
        <source>Filter of each channel, such as {R: Red, G: Green, B: Blue, L: Lum}; empty: all filters, with their usual letters.</source>
        <translation>Filtre de chaque canal, comme {R: Red, G: Green, B: Blue, L: Lum} ; vide : tous les filtres, avec leurs lettres habituelles.</translation>
    </message>
    <message>
        <source>Palette of the channels: RGB, LRGB, SHO, HOO ..., or a linear combination for R, G and B.</source>
        <translation>Palette des canaux : RGB, LRGB, SHO, HOO ..., ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Name of the image of all nights.</source>
        <translation>Nom de l’image de toutes les nuits.</translation>
    </message>
    <message>
        <source>Name of the image of one night.</source>
        <translation>Nom de l’image d’une nuit.</translation>
    </message>
    <message>
        <source>Name of the image of one filter.</source>
        <translation>Nom de l’image d’un filtre.</translation>
    </message>
    <message>
        <source>bottomup: the first row of the file is the lowest, as after mirrorx -bottomup of Siril.</source>
        <translation>bottomup : la première ligne du fichier est la plus basse, comme après mirrorx -bottomup de Siril.</translation>
    </message>
    <message>
        <source>For broadband channels, also write an image with calibrated colours.</source>
        <translation>Pour des canaux à large bande, écrire aussi une image aux couleurs étalonnées.</translation>
    </message>
    <message>
        <source>2-pass finds the best reference first.</source>
        <translation>2-pass cherche d’abord la meilleure image de référence.</translation>
    </message>
    <message>
        <source>Store more than pack_above frames in one file: systems limit the number of open files. auto: fitseq.</source>
        <translation>Stocker plus de pack_above images dans un seul fichier : les systèmes limitent le nombre de fichiers ouverts. auto : fitseq.</translation>
    </message>
    <message>
        <source>Compression of intermediate frames; off with drizzle, which cannot read them.</source>
        <translation>Compression des images intermédiaires ; désactivée avec drizzle, qui ne peut pas les lire.</translation>
    </message>
    <message>
        <source>Compress the result too; with a quantization above 0 that is lossy.</source>
        <translation>Compresser aussi le résultat ; avec une quantification supérieure à 0, avec pertes.</translation>
    </message>
    <message>
        <source>Copy the raw frames instead of linking to them.</source>
        <translation>Copier les images brutes au lieu de créer des liens.</translation>
    </message>
    <message>
        <source>Faint extended light: weights by signal to noise only, regardless of seeing.</source>
        <translation>Lumière étendue faible : poids selon le rapport signal sur bruit seul, quel que soit le seeing.</translation>
    </message>
    <message>
        <source>Most information on stars: weights by inverse variance and local seeing.</source>
        <translation>Le plus d’information sur les étoiles : poids selon la variance inverse et le seeing local.</translation>
    </message>
    <message>
        <source>A mosaic: the frames of all panels on one canvas, also where only their positions in the headers connect them.</source>
        <translation>Une mosaïque : les images de tous les panneaux sur un même cadre, même là où seules leurs positions montrent qu’elles vont ensemble.</translation>
    </message>
    <message>
        <source>The Tile-Compile method: quality weights, clusters of similar frames, synthetic frames.</source>
        <translation>La méthode Tile-Compile : poids de qualité, groupes d’images similaires, images synthétiques.</translation>
    </message>
    <message>
        <source>A quick look: half-size colour, no local weights.</source>
        <translation>Aperçu rapide : couleurs demi-taille, sans poids locaux.</translation>
    </message>
    <message>
        <source>Measurements: linear pixels with their variance, co-added with the PSF of each frame; no sky is subtracted.</source>
        <translation>Mesures : pixels linéaires avec leur variance, additionnés avec la PSF de chaque image ; aucun ciel n’est soustrait.</translation>
    </message>
    <message>
        <source>The sharpest frames dominate; for bright targets with many frames.</source>
        <translation>Les images les plus nettes dominent ; pour des cibles brillantes avec beaucoup d’images.</translation>
    </message>
    <message>
        <source>Threshold of hot pixels in the master dark, in sigma of one light.</source>
        <translation>Seuil des pixels chauds dans le master dark, en sigma d’une brute.</translation>
    </message>
    <message>
        <source>Use only lights of this field of the sky: its name or number, as scan lists them; all: take the lights for one field, whatever their headers give as positions.</source>
        <translation>N’utiliser que les brutes de ce champ du ciel : son nom ou son numéro, tels que scan les indique ; all : prendre les brutes pour un seul champ, quelles que soient les positions dans leurs en-têtes.</translation>
    </message>
    <message>
        <source>Threshold of cold pixels in the master dark, in sigma of one light.</source>
        <translation>Seuil des pixels froids dans le master dark, en sigma d’une brute.</translation>
    </message>
    <message>
        <source>Alignment to the reference frame.</source>
        <translation>Alignement sur l’image de référence.</translation>
    </message>
    <message>
        <source>Transform model; auto starts with a similarity and takes a more general model where the stars require it; integer shifts by whole pixels (by two on a CFA mosaic) without interpolation.</source>
        <translation>Modèle de transformation ; auto commence par une similitude et prend un modèle plus général si les étoiles l’exigent ; integer décale de pixels entiers (de deux sur une mosaïque CFA) sans interpolation.</translation>
    </message>
    <message>
        <source>auto detects it from the field rotation; alt_az with large rotation enlarges the canvas.</source>
        <translation>auto la détecte d’après la rotation de champ ; alt_az avec une forte rotation agrandit le canevas.</translation>
    </message>
    <message>
        <source>The same for a mosaic of several panels; None: what disk and memory have room for.</source>
        <translation>De même pour une mosaïque de plusieurs panneaux ; None : ce que le disque et la mémoire peuvent contenir.</translation>
    </message>
    <message>
        <source>crop: coverage: fraction of the information of all frames that the frames covering a pixel must have.</source>
        <translation>crop: coverage : part de l’information de toutes les images que doivent avoir celles qui couvrent un pixel.</translation>
    </message>
    <message>
        <source>Position and projection of a mosaic on the sky.</source>
        <translation>Position et projection d’une mosaïque sur le ciel.</translation>
    </message>
    <message>
        <source>Lights that are plate solved before a mosaic is registered, if a solver and a star catalog are installed: one for each pointing, all, or none. Catalog stars then determine scale, orientation, lens and position.</source>
        <translation>Brutes résolues astrométriquement avant l’alignement d’une mosaïque, si un solveur et un catalogue d’étoiles sont installés : une par pointage, toutes ou aucune. Les étoiles du catalogue déterminent alors l’échelle, l’orientation, l’optique et la position.</translation>
    </message>
    <message>
        <source>auto: the plane of the reference, or STG if its position is known and the field is wider than 20 degrees; TAN or STG if another setting of this section is changed. none: always the plane of the reference.</source>
        <translation>auto : le plan de la référence, ou STG si sa position est connue et que le champ dépasse 20 degrés ; TAN ou STG si un autre réglage de cette section est modifié. none : toujours le plan de la référence.</translation>
    </message>
    <message>
        <source>Transparency and sky of each frame.</source>
        <translation>Transparence et fond de ciel de chaque image.</translation>
    </message>
    <message>
        <source>Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</source>
        <translation>Grille de tuiles : T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</translation>
    </message>
    <message>
        <source>Tile size in FWHM.</source>
        <translation>Taille des tuiles en FWHM.</translation>
    </message>
    <message>
        <source>Smallest tile in px.</source>
        <translation>Plus petite tuile en px.</translation>
    </message>
    <message>
        <source>Weight of low noise.</source>
        <translation>Poids d’un bruit faible.</translation>
    </message>
    <message>
        <source>G = exp(exponent * clip(Q, -3, 3)).</source>
        <translation>G = exp(exponent * clip(Q, -3, 3)).</translation>
    </message>
    <message>
        <source>Keep only the lights in this frame list, one file name per line, or in this stack plan (.csv), which also names their panels (docs/MOSAICS.md).</source>
        <translation>Ne garder que les images de cette liste, un nom de fichier par ligne, ou de ce plan d’empilement (.csv), qui nomme aussi leurs panneaux (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. drizzle: for dithered, undersampled frames; mosaics without demosaicing.</source>
        <translation>mean : moyenne pondérée avec les poids des tuiles. proper : co-addition avec la PSF de chaque image et tuile. drizzle : pour des images avec dithering et sous-échantillonnées ; mosaïques CFA sans dématriçage.</translation>
    </message>
    <message>
        <source>quality: steepness of the weight.</source>
        <translation>quality : raideur du poids.</translation>
    </message>
    <message>
        <source>CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; None looks in ORCHESTRATE_STAR_CATALOG.</source>
        <translation>CSV, ECSV, FITS ou parquet avec ra, dec et magnitudes dans deux bandes ; vide : recherche dans ORCHESTRATE_STAR_CATALOG.</translation>
    </message>
    <message>
        <source>Low-pass filter of a DSLR.</source>
        <translation>Filtre passe-bas d’un reflex numérique.</translation>
    </message>
    <message>
        <source>Filters of a mono sensor: red, green, blue.</source>
        <translation>Filtres d’un capteur mono : rouge, vert, bleu.</translation>
    </message>
    <message>
        <source>Declination of the field in degrees.</source>
        <translation>Déclinaison du champ en degrés.</translation>
    </message>
    <message>
        <source>ASTAP: bin the image before detection; 0 lets ASTAP choose.</source>
        <translation>ASTAP : regrouper les pixels avant la détection ; 0 : ASTAP choisit.</translation>
    </message>
    <message>
        <source>Robust loss of the fits (IRLS).</source>
        <translation>Fonction de perte robuste des ajustements (IRLS).</translation>
    </message>
    <message>
        <source>Radial basis function.</source>
        <translation>Fonction de base radiale.</translation>
    </message>
    <message>
        <source>siril: radial basis functions instead of a polynomial.</source>
        <translation>siril : fonctions de base radiales au lieu d’un polynôme.</translation>
    </message>
    <message>
        <source>natural: a dark neutral sky without colour noise; autostretch: as in Siril; asinh preserves star colours; two_stage: asinh, then one curve for sky and contrast.</source>
        <translation>natural : un ciel sombre et neutre sans bruit de couleur ; autostretch : comme dans Siril ; asinh préserve les couleurs des étoiles ; two_stage : asinh, puis une courbe pour le ciel et le contraste.</translation>
    </message>
    <message>
        <source>Keep the scratch folder work/ of a finished run.</source>
        <translation>Conserver le dossier de travail work/ d’une exécution terminée.</translation>
    </message>
</context>
</TS>
