<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ProcessingTab</name>
    <message numerus="yes">
        <source>%n invalid setting(s): {0}. The last valid value is used.</source>
        <translation>
            <numerusform>%n invalid setting: {0}. The last valid value is used.</numerusform>
            <numerusform>%n invalid settings: {0}. The last valid values are used.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunTab</name>
    <message numerus="yes">
        <source>Show %n invalid setting(s)</source>
        <translation>
            <numerusform>Show %n invalid setting</numerusform>
            <numerusform>Show %n invalid settings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked to {0}</source>
        <translation>
            <numerusform>%n night will be stacked to {0}</numerusform>
            <numerusform>%n nights will be stacked to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>Saved. %n invalid setting(s) keep the last valid value.</source>
        <translation>
            <numerusform>Saved. %n invalid setting keeps the last valid value.</numerusform>
            <numerusform>Saved. %n invalid settings keep the last valid values.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) added.</source>
        <translation>
            <numerusform>%n night added.</numerusform>
            <numerusform>%n nights added.</numerusform>
        </translation>
    </message>
</context>
</TS>
