# shellcheck shell=sh disable=SC2154 # part of watch.sh
# The certificate does not end soon. Managed certificates may be valid for some days only: they are a problem in the last sixth of
# their time, as a third before its end the certificate manager renews one.
certificate_conditions() {
  case $url in https:*) ;; *) return 0 ;; esac
  answer=$(fact site)
  [ -n "$answer" ] || return 1
  begin=$(certificate_date Start) && end=$(certificate_date Expire) || return 1
  limit=$((CERTIFICATE_DAYS * 86400))
  [ $(((end - begin) / 6)) -ge $limit ] || limit=$(((end - begin) / 6))
  left=$((end - now))
  if [ $left -le 0 ]; then
    raise end 0 "The certificate of the site has ended." "Release a new one: $(berth up). The log of the certificate manager says why it renews none: $(berth logs certificate)"
  elif [ $left -lt $limit ]; then
    raise end 0 "The certificate of the site ends in $((left / 86400)) days." "With a certificate of your own, set tlsCertificate and tlsKey and release: $(berth up). Otherwise read why it is not renewed: $(berth logs certificate)"
  fi
}

certificate_date() {
  text=$(site_answer | sed -n "s/^$1 date: *//p" | head -n 1)
  [ -n "$text" ] && date -d "$text" +%s 2>/dev/null
}
