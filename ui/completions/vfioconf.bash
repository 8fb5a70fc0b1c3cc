# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vfioconf(8)

_vfioconf_names()
{
	# The names of the loaders or generators that this vfioconf knows, from its own answer.
	"$1" --"$2" '?' 2>&1 | sed -n 's/.*known are: //p'
}

_vfioconf()
{
	local cur prev words cword split
	_init_completion -s -n : || return

	case $prev in
	--device | --bind | --unbind)
		local addresses=(/sys/bus/pci/devices/*)
		COMPREPLY=($(compgen -W "${addresses[*]##*/} ${addresses[*]##*/0000:}" -- "$cur"))
		__ltrim_colon_completions "$cur"
		return
		;;
	--save | --apply-saved | --capture | --machine)
		_filedir
		return
		;;
	--root)
		_filedir -d
		return
		;;
	--allow)
		COMPREPLY=($(compgen -W 'iommu-off group-incomplete twin-ids driver-shared driver-builtin vfio-builtin
			storage-in-use network-in-use display-in-use input-in-use reserved-region no-reset sriov-active
			acs-unsafe foreign-setup words-lost generator-limited' -- "$cur"))
		return
		;;
	--undo)
		COMPREPLY=($(compgen -W "$("$1" --history --json 2>/dev/null |
			sed -n 's/^ *"id": *"\([0-9TZ-]*\)".*/\1/p')" -- "$cur"))
		[[ $split == true || $COMPREPLY ]] && return
		;;
	--color)
		COMPREPLY=($(compgen -W 'auto always never' -- "$cur"))
		return
		;;
	--loader | --generator)
		COMPREPLY=($(compgen -W "$(_vfioconf_names "$1" "${prev#--}")" -- "$cur"))
		return
		;;
	--acs)
		COMPREPLY=($(compgen -W 'downstream multifunction downstream,multifunction no' -- "$cur"))
		return
		;;
	--menu-entry)
		COMPREPLY=($(compgen -W 'yes no' -- "$cur"))
		return
		;;
	--print)
		COMPREPLY=($(compgen -W "libvirt qemu" -- "$cur"))
		return
		;;
	--expect)
		return
		;;
	esac

	$split && return
	COMPREPLY=($(compgen -W '--list --check --device --iommu --acs --adopt --menu-entry --save --apply-saved --dry-run --remove --verify
		--follow --history --undo --recover --bind --unbind --print --allow --root --capture --machine --json --ascii
		--color= --yes --expect --loader --generator --help --version' -- "$cur"))
	[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
} && complete -F _vfioconf vfioconf
