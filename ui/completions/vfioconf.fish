# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for vfioconf(8)

function __vfioconf_functions
    for path in /sys/bus/pci/devices/*
        set -l address (string replace -r '.*/' '' $path)
        echo $address
        string replace -f -r '^0000:' '' $address
    end
end

function __vfioconf_names
    vfioconf --$argv[1] '?' 2>&1 | string replace -f -r '.*known are: ' '' | string split ' '
end

function __vfioconf_history
    vfioconf --history --json 2>/dev/null | string replace -f -r '^ *"id": *"([0-9TZ-]*)".*' '$1'
end

complete -c vfioconf -f
complete -c vfioconf -l list -d 'The IOMMU groups as a tree'
complete -c vfioconf -l check -d 'Is this machine ready, and what is missing?'
complete -c vfioconf -l device -x -a '(__vfioconf_functions)' -d 'Tick this function as well'
complete -c vfioconf -l iommu -d 'Have the IOMMU on, even with nothing ticked'
complete -c vfioconf -l acs -x -a 'downstream multifunction downstream,multifunction no' -d 'The ACS override of patched kernels'
complete -c vfioconf -l menu-entry -x -a 'yes no' -d 'An entry at the boot menu without passthrough'
complete -c vfioconf -l adopt -d 'Take over what others have set up for vfio-pci'
complete -c vfioconf -l save -r -F -d 'Write the choice as a profile'
complete -c vfioconf -l apply-saved -r -F -d 'Apply a profile'
complete -c vfioconf -l dry-run -d 'Only show findings, changes and commands'
complete -c vfioconf -l remove -d 'Give every function back to the host'
complete -c vfioconf -l verify -d 'After the reboot: did every function arrive?'
complete -c vfioconf -l follow -d 'Tick what has moved where it is now'
complete -c vfioconf -l history -d 'What was applied'
complete -c vfioconf -l undo -a '(__vfioconf_history)' -d 'Take a transaction back'
complete -c vfioconf -l recover -d 'Put right what an interrupted run left'
complete -c vfioconf -l print -x -a 'libvirt qemu' -d 'What a guest needs to have what is applied'
complete -c vfioconf -l bind -x -a '(__vfioconf_functions)' -d 'To vfio-pci now, until the next boot'
complete -c vfioconf -l unbind -x -a '(__vfioconf_functions)' -d 'Back to the driver of the host now'
complete -c vfioconf -l allow -x -a 'iommu-off group-incomplete twin-ids driver-shared driver-builtin vfio-builtin storage-in-use network-in-use display-in-use input-in-use reserved-region no-reset sriov-active acs-unsafe foreign-setup words-lost generator-limited' -d 'Go on in spite of this finding'
complete -c vfioconf -l root -x -a '(__fish_complete_directories)' -d 'The system below a directory'
complete -c vfioconf -l capture -r -F -d 'Write this machine as one text file'
complete -c vfioconf -l machine -r -F -d 'Look at such a file'
complete -c vfioconf -l json -d 'For programs'
complete -c vfioconf -l ascii -d 'Nothing but ASCII'
complete -c vfioconf -l color -x -a 'auto always never' -d 'Colours'
complete -c vfioconf -l yes -d 'Do not ask'
complete -c vfioconf -l expect -x -d 'Only what had this digest'
complete -c vfioconf -l loader -x -a '(__vfioconf_names loader)' -d 'This boot loader'
complete -c vfioconf -l generator -x -a '(__vfioconf_names generator)' -d 'This initramfs generator'
complete -c vfioconf -l help -d 'A summary of the options'
complete -c vfioconf -l version -d 'The version'
