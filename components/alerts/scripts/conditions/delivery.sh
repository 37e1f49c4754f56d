# shellcheck shell=sh disable=SC2154 # part of watch.sh
# Messages reach each target; the others tell if one does not get them.
DELIVERY_PATIENCE=3600

delivery_conditions() {
  for id in $(failing); do
    IFS="$tab" read -r since name error <"$here/delivery/$id" || continue
    [ $((now - since)) -lt $DELIVERY_PATIENCE ] || raise "$id" 0 "Messages do not reach $name: $error." "Try the targets: $(berth alerts test). Change them: pulumi config set --secret alertsTo"
  done
}

# Ids of the targets that messages do not reach.
failing() { ls "$here/delivery"; }
